"""The shape of `fixtures/<system>/world.yaml`: what the mocked system answers.

Only what the environment file cannot know stands there; hosts and paths are never repeated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from plimsoll.environment.loader import parse, read, validated
from plimsoll.environment.model import EndpointKind
from plimsoll.environment.problem import ConfigurationError
from plimsoll.environment.value import File, Host, Positive, Section, Slug, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from plimsoll.environment.model import Environment

WORLD_FILE = "world.yaml"


class Answer(Section):
    """One response. `{now}` in a body stands for the moment of the request, in ISO 8601."""

    status: Annotated[int, Field(ge=100, le=599)] = 200
    headers: dict[str, str] = Field(default_factory=dict)
    body: str = ""
    body_file: File | None = None

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if self.body and self.body_file:
            message = "an answer has either a body or a body_file"
            raise ValueError(message)
        return self


class Refusals(Section):
    """The responses to requests that are not served."""

    malformed: Answer
    unauthorized: Answer
    not_found: Answer
    not_allowed: Answer
    too_many: Answer


class Throttle(Section):
    """Which kinds of endpoint count requests, and how long each request counts."""

    kinds: Annotated[tuple[EndpointKind, ...], Field(min_length=1)]
    margin: Positive
    """How many requests before the environment's limit the mocked system refuses."""
    window_seconds: Positive


class CountedAnswers(Section):
    """Answers that are counted: those of an endpoint with a status, or where nothing is served."""

    endpoint: Slug | None = None
    status: Annotated[int, Field(ge=100, le=599)]
    lines: Annotated[tuple[Text, ...], Field(min_length=1)]
    """How the lines begin that rise by one for each such answer."""


class Counted(Section):
    """What of its own answers a host counts, and the endpoint whose answer shows it."""

    shown_at: Slug
    answers: Annotated[tuple[CountedAnswers, ...], Field(min_length=1)]

    @property
    def endpoints(self) -> tuple[str, ...]:
        """Return the names of the endpoints that are meant."""
        return (self.shown_at, *(one.endpoint for one in self.answers if one.endpoint))


class DnsEntry(Section):
    """The records of one name and type, in the form of a zone file."""

    name: Host
    type: Literal["A", "AAAA", "CNAME", "CAA", "DNSKEY", "DS"]
    values: Annotated[tuple[Text, ...], Field(min_length=1)]


class DnsPlan(Section):
    """The zones, and the TTL of their records.

    Every declared record, and an address of every host, is there without being listed; what is
    listed stands in the place of those.
    """

    zones: Annotated[tuple[Host, ...], Field(min_length=1)]
    ttl_seconds: Positive
    records: tuple[DnsEntry, ...] = ()


class CertificatePlan(Section):
    """How long the certificate of the compliant world still runs."""

    days_to_expiry: Positive


class Blueprint(Section):
    """What a mocked system is made of."""

    format: Annotated[Literal["plimsoll/world/1"], Field(alias="schema")]
    headers: dict[str, str]
    """Sent with every response; an answer's own header of the same name wins."""
    answers: dict[Slug, Answer]
    """The response of each declared endpoint, by its name."""
    refusals: Refusals
    counted: Counted | None = None
    redirect_status: Literal[301, 308] = 308
    throttle: Throttle | None = None
    certificate: CertificatePlan
    dns: DnsPlan | None = None


def load_blueprint(folder: Path, environment: Environment) -> Blueprint:
    """Return what `world.yaml` of a fixture folder says, bodies read in.

    Raises ConfigurationError, also where its answers and the declared endpoints are not the same.
    """
    path = folder / WORLD_FILE
    document = parse(read(path), path)
    blueprint = validated(Blueprint, document)
    declared = {endpoint.name for endpoint in environment.endpoints or ()}
    problems = [
        f"{document.where('answers')}: answers: endpoint {name} of {environment.system} has none"
        for name in sorted(declared - blueprint.answers.keys())
    ] + [
        f"{document.where('answers', name)}: answers.{name}: no endpoint of this name is declared"
        for name in sorted(blueprint.answers.keys() - declared)
    ]
    problems += [
        f"{document.where('counted')}: counted: no endpoint {name} is declared"
        for name in (blueprint.counted.endpoints if blueprint.counted else ())
        if name not in declared
    ]
    if problems:
        raise ConfigurationError(tuple(problems))
    answers = {name: _with_body(answer, folder) for name, answer in blueprint.answers.items()}
    uncounted = list(_uncounted(blueprint.counted, answers))
    if uncounted:
        raise ConfigurationError(tuple(f"{document.where('counted')}: {one}" for one in uncounted))
    return blueprint.model_copy(update={"answers": answers})


def _uncounted(counted: Counted | None, answers: Mapping[str, Answer]) -> Iterator[str]:
    """Yield the lines that nothing shows: counting them would go unnoticed."""
    lines = answers[counted.shown_at].body.splitlines() if counted else []
    for start in (one for group in (counted.answers if counted else ()) for one in group.lines):
        if not any(line.startswith(start) for line in lines):
            yield f"counted: no line of the answer begins with {start}"


def _with_body(answer: Answer, folder: Path) -> Answer:
    if answer.body_file is None:
        return answer
    text = read(folder / answer.body_file).decode("utf-8")
    return answer.model_copy(update={"body": text, "body_file": None})
