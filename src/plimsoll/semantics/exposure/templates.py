"""Which labels the templates of an alert's annotations read.

Source: Prometheus documentation, "Alerting rules": `$labels` are those of the expression's answer;
the rule's own labels and `alertname` are not among them (`rules/alerting.go`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ACTION = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_LABEL = re.compile(r"\$labels\.(\w+)|index\s+\$labels\s+\"(\w+)\"|(?<![\w)])\.Labels\.(\w+)")
_EXTERNAL = re.compile(r"\$externalLabels\.(\w+)|(?<![\w)])\.ExternalLabels\.(\w+)")


def template_labels(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the labels that an annotation's template reads, and whether it is an external one.

    What `.Labels` means after a query of the template's own is not told.
    """
    actions = " ".join(_ACTION.findall(text))
    has_query = re.search(r"\bquery\b", actions) is not None
    for match in _LABEL.finditer(actions):
        if not (match[3] and has_query):
            yield match[1] or match[2] or match[3], False
    for match in _EXTERNAL.finditer(actions):
        yield match[1] or match[2], True
