"""The auditor's report: one self-contained HTML file without script, in which data is only text."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from itertools import count
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from plimsoll.reporting.coverage import coverage_of
from plimsoll.reporting.document import Document, canonical_json
from plimsoll.reporting.evidence import Register
from plimsoll.reporting.next_steps import causes_of
from plimsoll.reporting.picture import bar, described
from plimsoll.reporting.summary import (
    Area,
    areas_of,
    counts_of,
    findings_of,
    instant,
    seconds_between,
    success_rate,
    with_verdict,
)
from plimsoll.reporting.visible_text import capped, visible
from plimsoll.reporting.wording import FINDINGS, ROLL_UP, WORDINGS, counted

_TEXT_CHARACTERS = 2000
_FOOTER_CHARACTERS = 80
_WEB_ADDRESS = re.compile(
    r"https?://[a-z0-9][a-z0-9.-]*(?::[0-9]+)?(?:[/?#][a-z0-9._~:/?#@!$&()*+,;=%-]*)?",
    re.ASCII | re.IGNORECASE,
)
_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")
_NOT_IN_CSS = re.compile(r"[^A-Za-z0-9 ._-]")


def render_html(document: Document) -> str:
    """Render `report.html`.

    The Content-Security-Policy allows one style sheet, by its hash, and nothing else. Invisible
    characters are shown, and texts over 2,000 characters are cut, with the digest of the whole.
    """
    style = _page_boxes(document) + _style_sheet()
    style_hash = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    # The style sheet is ours but for the page boxes, whose text is escaped for CSS.
    markup = Markup(style)  # noqa: S704
    template = _templates().get_template("report.html.j2")
    return template.render(_context(document), style=markup, style_hash=style_hash)


def _context(document: Document) -> dict[str, Any]:
    """Gather what the templates show; they select and arrange, and compute nothing."""
    areas = areas_of(document)
    counts = counts_of(document["results"])
    run = document["run"]
    findings, slugs = findings_of(areas), _slugs(areas)
    return {
        "run": run,
        "decision": document["decision"],
        "document": document,
        "results_sha256": hashlib.sha256(canonical_json(document).encode()).hexdigest(),
        "duration_seconds": seconds_between(run["started_at"], run["finished_at"]),
        "areas": areas,
        "counts": counts,
        "judged": counts["pass"] + counts["fail"],
        "rate": success_rate(counts["pass"], counts["fail"]),
        "findings": {v: [f for f in findings if f.verdict == v] for v in FINDINGS},
        "causes": causes_of(findings),
        "conflicting": [e for a in areas for e in a.controls if e.control["conflict"]],
        "passed": with_verdict(areas, "pass"),
        "inapplicable": with_verdict(areas, "not_applicable"),
        "coverage": coverage_of(areas),
        "register": Register(document),
        "slugs": slugs,
        "places": _places(areas, slugs),
        "unproven": _unproven(document),
    }


def _slugs(areas: Iterable[Area]) -> dict[str, str]:
    """Give every control a name of its own for element ids, whatever characters its id has."""
    slugs: dict[str, str] = {}
    taken = {""}
    for entry in (entry for area in areas for entry in area.controls):
        slug = name = _NOT_IN_SLUG.sub("-", entry.control["id"].lower()).strip("-")[:40]
        numbers = count(2)
        while name in taken:
            name = f"{slug}-{next(numbers)}"
        taken.add(name)
        slugs[entry.control["id"]] = name
    return slugs


def _places(areas: Iterable[Area], slugs: Mapping[str, str]) -> dict[str, str]:
    """Say where a control is to be read about first: among the results that made its roll-up."""
    entries = (entry for area in areas for entry in area.controls)
    return {e.control["id"]: f"{e.verdict}-{slugs[e.control['id']]}" for e in entries}


def _unproven(document: Document) -> list[str]:
    """List the controls for which no fault is known that turns them red."""
    proven = {proof["control"] for proof in document["proof"]}
    return sorted(c["id"] for c in document["controls"] if c["id"] not in proven)


def _shown(value: object) -> object:
    """Make any text that a template prints safe to look at; escaping happens after it."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(capped(value, _TEXT_CHARACTERS))
    return value


def _web_address(text: str) -> str | None:
    """Return an http(s) address that may be linked, or `None`; one with a user name may not."""
    return text if len(text) <= _TEXT_CHARACTERS and _WEB_ADDRESS.fullmatch(text) else None


def _log_address(node: str) -> str:
    """Return the address of a test's row in the engineer's log."""
    return "engineer.html#" + quote(node[:_TEXT_CHARACTERS], safe="", errors="replace")


def _page_boxes(document: Document) -> str:
    """Write the header and footer of printed pages as CSS."""
    run = document["run"]
    footer = _css_text(f"{run['system']} {run['environment']} - run {run['id']}")
    header = "SIMULATED - not evidence about the live environment"
    box = f'@top-center{{content:"{header}"}}' if document["decision"]["simulated"] else ""
    return (
        f'@page{{{box}@bottom-left{{content:"{footer}"}}'
        '@bottom-right{content:"Page " counter(page) " of " counter(pages)}}\n'
    )


def _css_text(text: str) -> str:
    """Escape text for a CSS string so that nothing can end the string or the style sheet."""
    short = visible(capped(text, _FOOTER_CHARACTERS)).encode("utf-8", "replace").decode()
    return _NOT_IN_CSS.sub(lambda match: f"\\{ord(match.group()):X} ", short)


@cache
def _style_sheet() -> str:
    return files("plimsoll.reporting").joinpath("templates/report.css").read_text("utf-8")


@cache
def _templates() -> Environment:
    """Prepare the templates: an undefined name is an error, and all output is escaped."""
    environment = Environment(
        loader=PackageLoader("plimsoll.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        bar=bar,
        described=described,
        counted=counted,
        instant=instant,
        web_address=_web_address,
        log_address=_log_address,
        wordings=WORDINGS,
        order=ROLL_UP,
    )
    return environment
