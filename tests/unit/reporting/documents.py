"""Results documents for the tests of the reports: compliant, failing, large and hostile ones."""

import hashlib
from itertools import cycle
from typing import Any

AREAS = {
    "health": ("HLT", "Liveness endpoint answers in time", ("fra1/api", "nyc1/api", "fra1/web")),
    "metrics": ("MET", "Response times are measured", ("prometheus", "api", "web")),
    "alerting": ("ALR", "Pages reach the person on call", ("HighErrorRate", "HighLatency")),
    "rollback": ("RBK", "A failed deployment is taken back", ("fra1", "nyc1")),
    "load": ("LOD", "The load test proves the target load", ("testing/load-tests/k6.js",)),
    "scaling": (
        "SCL",
        "Components scale within the limits",
        ("fra1/api", "nyc1/api", "fra1/worker"),
    ),
    "regions": ("REG", "Every component runs in every region", ("fra1", "nyc1")),
    "dns": ("DNS", "Names resolve with a short time to live", ("app-oint.com", "api.app-oint.com")),
    "backup": (
        "BKP",
        "Backups are recent and kept long enough",
        ("postgres-fra1", "postgres-nyc1"),
    ),
    "cdn": ("CDN", "Static assets are cached at the edge", ("/assets/main.js", "/index.html")),
    "security": ("SEC", "Response headers protect the browser", ("https://app-oint.com",)),
    "hosts": ("HST", "Hosts have no pending security updates", ("web-1", "web-2", "db-1")),
    "operations": ("OPS", "Recurring procedures are done on time", ("dashboard review",)),
    "configuration": ("CFG", "Configuration files are valid", (".do/app.yaml", "k8s/hpa.yaml")),
}
SEVERITIES = ("critical", "high", "high", "medium", "low")
MIXED = (
    *("pass", "pass", "fail", "pass", "pass", "error", "pass", "pass", "fail", "pass"),
    *("not_tested", "pass", "pass", "waived", "pass", "not_applicable", "pass", "manual", "pass"),
)
SUMMARIES = {
    "pass": "{subject} meets the requirement.",
    "fail": "{subject} deviates in two places from what the environment asks for.",
    "error": "No required source could be observed for {subject}.",
    "not_tested": "The exercise rate-limit-burst was not named, so nothing was sent.",
    "not_applicable": "The environment declares no component of this kind.",
    "waived": "{subject} keeps backups for 7 days; waiver W-2026-012 allows it.",
    "manual": "The last attestation of {subject} ended 2026-09-30.",
}
RECORDS = "GET https://api.digitalocean.com/v2/domains/app-oint.com/records"
DEVIATIONS = (
    ("maximum instances", "20", "≤ 10", ".do/app.yaml:46"),
    ("time to live", "300 s", "≤ 60 s", RECORDS),
)
RED_WORDS = ("fail", "waived")
VOCABULARY = ("schema", "mode", "status", "fail_on", "area", "severity", "verdict", "raw_verdict")
IDS = ("id", "control", "waiver")


def rows(names: str, *values: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Make one mapping of each tuple, with the same names."""
    return [dict(zip(names.split(), each, strict=True)) for each in values]


def control(control_id: str, area: str, title: str, severity: str, verdict: str) -> dict[str, Any]:
    """Make a control of the catalogue."""
    return {
        "id": control_id,
        "area": area,
        "title": title,
        "severity": severity,
        "requirement": f"{title}, in every region, from every place it can be seen.",
        "why": "Traffic that arrives where nothing answers is lost, and nobody is told.",
        "remedy": "Set the declared value in `.do/app.yaml`, deploy, and run the check again.",
        "frameworks": {"nist-800-53": ["cp-2.2", "si-4"], "soc2": ["A1.1"], "iso-27001": ["8.6"]},
        "seeds": ["000 §Auto-Scaling Configuration"],
        "required": True,
        "conflict": None,
        "verdict": verdict,
    }


def evidence(name: str, origin: str) -> dict[str, str]:
    """Make a reference to a file of the bundle."""
    return {
        "path": f"evidence/{name}.json",
        "sha256": hashlib.sha256(name.encode()).hexdigest(),
        "origin": origin,
        "observed_at": "2026-11-20T02:00:04Z",
    }


def result(control_id: str, subject: str, verdict: str) -> dict[str, Any]:
    """Make the result of one subject, with what a real run would say beside the verdict."""
    red, silent = verdict in RED_WORDS, verdict in ("error", "not_tested", "manual")
    refused = "403 Forbidden: the token lacks the scope app:read" if verdict == "error" else None
    untested = "no token" if verdict == "not_tested" else None
    slug = subject.strip("/").replace("/", "-").replace(":", "")
    return {
        "control": control_id,
        "subject": subject,
        "names": [],
        "verdict": verdict,
        "raw_verdict": "fail" if verdict == "waived" else verdict,
        "required": True,
        "summary": SUMMARIES[verdict].format(subject=subject),
        "deviations": rows("what observed expected where", *DEVIATIONS) if red else [],
        "vantage": rows(
            "source verdict simulated reason",
            ("repository", "not_tested" if silent else verdict, False, untested),
            ("digitalocean", verdict, True, refused),
        ),
        "evidence": [] if silent else [evidence(f"{control_id.lower()}-{slug}", f"GET /v2/{slug}")],
        "waiver": "W-2026-012" if verdict == "waived" else None,
        "procedure": "Read every autoscaler of the component, from each vantage point, and "
        "compare its range with the environment's limits.",
        "node": f"checks/{control_id[:3].lower()}/test_subject.py::test_it[{slug}]",
        "duration_ms": 1.25,
    }


def _run() -> dict[str, Any]:
    return {
        "id": "20261120T020000Z-7f3a",
        "environment": "app-oint-production",
        "system": "App-Oint",
        "mode": "mock",
        "started_at": "2026-11-20T02:00:00Z",
        "finished_at": "2026-11-20T02:00:41Z",
        "command": "plimsoll check app-oint --mock",
        "executor": "github:app-oint/platform/.github/workflows/nightly.yml@refs/heads/main",
        "host": "runner-17",
        "trigger": "schedule",
        "interrupted": False,
        "tool": {
            "plimsoll": "0.1.0",
            "python": "3.11.7",
            "plugins": {"pytest": "9.2.0", "pytest-html": "4.2.0", "pytest-testinfra": "10.2.2"},
        },
        "environment_sha256": hashlib.sha256(b"environment").hexdigest(),
        "waivers_sha256": hashlib.sha256(b"waivers").hexdigest(),
        "repository": {"commit": "3f1c9a7e5b2d4c6f8a90b1c2d3e4f5a6b7c8d9e0", "dirty": False},
        "endpoints": ["api.app-oint.com:443", "app-oint.com:443", "api.digitalocean.com:443"],
        "values": rows(
            "name value source derived",
            ("DNS time to live", "≤ 60 s", "000 §Multi-Region", False),
            ("Certificate lifetime left", "≥ 14 days", "common practice", True),
        ),
    }


def _counts(results: list[dict[str, Any]]) -> dict[str, int]:
    counts = dict.fromkeys(SUMMARIES, 0)
    for each in results:
        counts[each["verdict"]] += 1
    return counts | {"planned": len(results), "recorded": len(results)}


ROLL_UP = ("fail", "error", "not_tested", "manual", "waived", "pass", "not_applicable")


def document(results: list[dict[str, Any]], controls: list[dict[str, Any]]) -> dict[str, Any]:
    """Put results and controls together, counting and rolling up as the recorder does."""
    for each in controls:
        verdicts = [r["verdict"] for r in results if r["control"] == each["id"]]
        each["verdict"] = next((v for v in ROLL_UP if v in verdicts), "not_tested")
    return {
        "schema": "plimsoll/results/1",
        "run": _run(),
        "decision": {
            "status": "ready",
            "simulated": True,
            "reason": "Every required control passed.",
            "fail_on": "high",
        },
        "counts": _counts(results),
        "controls": controls,
        "results": results,
        "waivers": [],
        "named_requirements": [],
        "proof": [],
    }


def _catalogue(per_area: int) -> list[dict[str, Any]]:
    severities = cycle(SEVERITIES)
    return [
        control(f"{prefix}-{number:02}", area, title, next(severities), "pass")
        for area, (prefix, title, _) in AREAS.items()
        for number in range(1, per_area + 1)
    ]


def compliant() -> dict[str, Any]:
    """Make a simulated run in which every control passed."""
    controls = _catalogue(2)
    results = [
        result(each["id"], subject, "pass")
        for each in controls
        for subject in AREAS[each["area"]][2]
    ]
    made = document(results, controls)
    for each in made["results"][:2]:
        each["names"] = ["API Liveness Probe"]
    made["named_requirements"] = rows(
        "name control subjects verdict",
        ("API Liveness Probe", "HLT-01", ["fra1/api", "nyc1/api"], "pass"),
    )
    made["proof"] = _proof(controls)
    return made


def _proof(controls: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [
        {
            "control": each["id"],
            "fault": fault,
            "vantage": vantage,
            "effect": "The maximum instance count in `.do/app.yaml` becomes 20.",
        }
        for each in controls
        for fault, vantage in (
            ("maximum-above-limit", "repository"),
            ("scaled-by-hand", "digitalocean"),
        )
    ]


def failing(per_area: int = 5) -> dict[str, Any]:
    """Make a simulated run over fourteen areas with every verdict, many of them failures."""
    controls = _catalogue(per_area)
    verdicts = cycle(MIXED)
    results = [
        result(each["id"], subject, "pass" if each["area"] == "metrics" else next(verdicts))
        for each in controls
        for subject in AREAS[each["area"]][2]
    ]
    made = document(results, controls)
    _make_not_applicable(made, "cdn")
    made["counts"] = _counts(results)
    made["decision"] |= {
        "status": "blocked",
        "reason": "12 controls fail at severity high or above, the first of them ALR-02.",
    }
    by_id = {each["id"]: each for each in controls}
    by_id["SCL-01"]["conflict"] = {
        "asked": "Scaling at 75 % memory on App Platform.",
        "reality": "App Platform scales by CPU; memory can only alert there.",
    }
    by_id.get("SCL-02", {})["frameworks"] = {}
    made["named_requirements"] = rows(
        "name control subjects verdict",
        ("API Liveness Probe", "HLT-01", ["fra1/api"], "pass"),
        ("Prometheus Configuration", "HLT-01", ["fra1/api"], "fail"),
        ("k6 Availability", "HLT-01", ["fra1/api"], "not_tested"),
    )
    made["waivers"] = _waivers()
    made["proof"] = _proof(controls[:-3])
    return made


def _make_not_applicable(made: dict[str, Any], area: str) -> None:
    ids = {each["id"] for each in made["controls"] if each["area"] == area}
    for index, each in enumerate(made["results"]):
        if each["control"] in ids:
            made["results"][index] = result(each["control"], each["subject"], "not_applicable")
    for each in made["controls"]:
        if each["id"] in ids:
            each["verdict"] = "not_applicable"


def _waivers() -> list[dict[str, str]]:
    return [
        {
            "id": f"W-2026-{number:03}",
            "control": "BKP-02",
            "subject": "postgres-fra1",
            "reason": "Managed PostgreSQL keeps 7 days; exported copies arrive in January.",
            "requested_by": "ana@app-oint.com",
            "approved_by": "cto@app-oint.com",
            "ticket": "https://tracker.app-oint.com/OPS-412",
            "expires_at": expires_at,
            "status": status,
        }
        for number, status, expires_at in (
            (12, "in force", "2027-01-31T00:00:00Z"),
            (13, "unused", "2026-12-31T00:00:00Z"),
            (14, "expired", "2026-11-01T00:00:00Z"),
        )
    ]


def with_text(made: Any, text: str, key: str = "") -> Any:
    """Copy a document with `text` wherever observed or written text can stand; ids end in it."""
    if isinstance(made, dict):
        hostile = key in ("frameworks", "plugins")
        return {text if hostile else k: with_text(v, text, k) for k, v in made.items()}
    if isinstance(made, list):
        return [with_text(each, text, key) for each in made]
    if not isinstance(made, str) or key in VOCABULARY:
        return made
    return made + text if key in IDS else text
