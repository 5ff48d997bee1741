"""The formats by name; a format's module is imported when it is first asked for."""

from dataclasses import dataclass
from importlib import import_module

from plimsoll.reporting.document import Document


@dataclass(frozen=True, slots=True)
class Format:
    """Where a format is written in a bundle, and the `module:function` that renders it."""

    file_name: str
    renderer: str


FORMATS: dict[str, Format] = {
    "json": Format("results.json", "document:canonical_json"),
    "html": Format("report.html", "html:render_html"),
    "markdown": Format("report.md", "markdown:render_markdown"),
    "junit": Format("junit.xml", "junit:render_junit"),
    "metrics": Format("metrics.prom", "metrics:render_metrics"),
}


def render(document: Document, format_name: str) -> str:
    """Render a document in one of `FORMATS`; KeyError for any other."""
    module_name, function_name = FORMATS[format_name].renderer.split(":")
    module = import_module(f"plimsoll.reporting.{module_name}")
    text: str = getattr(module, function_name)(document)
    return text
