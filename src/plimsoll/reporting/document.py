"""The results document: the one record of a run, from which every report is derived."""

import json
from typing import Literal, NotRequired, TypedDict, cast, get_args

SCHEMA = "plimsoll/results/1"

Verdict = Literal["pass", "fail", "error", "not_tested", "not_applicable", "waived", "manual"]
Severity = Literal["critical", "high", "medium", "low"]
Mode = Literal["live", "mock", "replay"]
Status = Literal["ready", "blocked", "undecidable"]
WaiverStatus = Literal["in force", "unused", "expired"]

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)


class Tool(TypedDict):
    """Versions of what made the run."""

    plimsoll: str
    python: str
    plugins: dict[str, str]


class Repository(TypedDict):
    """The commit whose files were read; `None` where it was not observed."""

    commit: str | None
    dirty: bool | None


class DeclaredValue(TypedDict):
    """A value that the environment asks for; a derived one is common practice, not a demand."""

    name: str
    value: str
    source: str
    derived: bool


class Run(TypedDict):
    """Who looked at what, when, and with which tools."""

    id: str
    environment: str
    system: str
    mode: Mode
    started_at: str
    finished_at: str
    command: str
    executor: str
    host: str
    trigger: str
    interrupted: bool
    tool: Tool
    environment_sha256: str
    waivers_sha256: str | None
    repository: Repository
    endpoints: list[str]
    values: list[DeclaredValue]
    missing_scopes: NotRequired[list[str]]
    """Scopes that a token lacked, so that what they show was not observed."""


class Decision(TypedDict):
    """Whether the environment may carry traffic, and the one sentence why."""

    status: Status
    simulated: bool
    reason: str
    fail_on: Severity


Counts = TypedDict(
    "Counts",
    {
        "pass": int,
        "fail": int,
        "error": int,
        "not_tested": int,
        "not_applicable": int,
        "waived": int,
        "manual": int,
        "planned": int,
        "recorded": int,
    },
)


class Conflict(TypedDict):
    """A demand that the platform cannot meet, and what the platform offers instead."""

    asked: str
    reality: str


class Control(TypedDict):
    """One requirement of the catalogue, with the roll-up of its results."""

    id: str
    area: str
    title: str
    severity: Severity
    requirement: str
    why: str
    remedy: str
    frameworks: dict[str, list[str]]
    seeds: list[str]
    required: bool
    conflict: Conflict | None
    verdict: Verdict


class Deviation(TypedDict):
    """One difference between what is and what should be."""

    what: str
    observed: str
    expected: str
    where: str


class Vantage(TypedDict):
    """What one source said about a subject; `reason` tells why a source is silent."""

    source: str
    verdict: Verdict
    simulated: bool
    reason: str | None


class Evidence(TypedDict):
    """A file of the bundle from which a result can be judged again."""

    path: str
    sha256: str
    origin: str
    observed_at: str


class Result(TypedDict):
    """The verdict on one subject of one control; `names` are those of an earlier report.

    Where `required` is false, the gate does not wait for a verdict.
    """

    control: str
    subject: str
    names: list[str]
    verdict: Verdict
    raw_verdict: Verdict
    required: bool
    summary: str
    deviations: list[Deviation]
    vantage: list[Vantage]
    evidence: list[Evidence]
    waiver: str | None
    procedure: str
    node: str
    duration_ms: float | None


class Waiver(TypedDict):
    """A dated permission to deviate, given by someone other than who asked for it."""

    id: str
    control: str
    subject: str
    reason: str
    requested_by: str
    approved_by: str
    ticket: str
    expires_at: str
    status: WaiverStatus


class Proof(TypedDict):
    """A fault that turns a control red: the proof that the control can fail."""

    control: str
    fault: str
    vantage: str
    effect: str


class NamedRequirement(TypedDict):
    """A row of an earlier report, and what became of it."""

    name: str
    control: str
    subjects: list[str]
    verdict: Verdict


class Document(TypedDict):
    """The whole results document (`results.json`)."""

    schema: str
    run: Run
    decision: Decision
    counts: Counts
    controls: list[Control]
    results: list[Result]
    waivers: list[Waiver]
    named_requirements: list[NamedRequirement]
    proof: list[Proof]


class InvalidDocumentError(ValueError):
    """A text that is not a results document of this version."""


def canonical_json(document: Document) -> str:
    """Render `results.json`: sorted keys, pure ASCII, a line an entry; same document, same bytes.

    Each result and each control has a line of its own, so that `diff` shows what changed between
    two runs.
    """
    parts = [f"{_compact(key)}: {_entries(value)}" for key, value in sorted(document.items())]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _entries(value: object) -> str:
    if not isinstance(value, list) or not value:
        return _compact(value)
    return "[\n " + ",\n ".join(map(_compact, value)) + "\n]"


def _compact(value: object) -> str:
    return json.dumps(value, sort_keys=True, allow_nan=False)


def parse_document(text: str | bytes) -> Document:
    """Read `results.json`.

    Raises InvalidDocumentError when the text is not JSON, is of another schema, lacks a part, or
    uses a verdict that this version does not know (and could therefore show wrongly).
    """
    try:
        parsed = json.loads(text)
    except ValueError as error:
        message = f"results.json is not JSON: {error}"
        raise InvalidDocumentError(message) from error
    schema = parsed.get("schema") if isinstance(parsed, dict) else None
    if schema != SCHEMA:
        message = f"results.json has schema {schema!r}; this version reads {SCHEMA!r}"
        raise InvalidDocumentError(message)
    missing = sorted(Document.__required_keys__ - parsed.keys())
    if missing:
        message = f"results.json lacks {', '.join(missing)}"
        raise InvalidDocumentError(message)
    document = cast("Document", parsed)
    _require_known_verdicts(document)
    return document


def _require_known_verdicts(document: Document) -> None:
    """Refuse a verdict outside the vocabulary, naming the control that carries it."""
    carriers = [(entry["id"], entry["verdict"]) for entry in document["controls"]]
    carriers += [(entry["control"], entry["verdict"]) for entry in document["results"]]
    for control, verdict in carriers:
        if verdict not in VERDICTS:
            message = f"results.json gives {control} the unknown verdict {verdict!r}"
            raise InvalidDocumentError(message)
