"""PromQL: what an expression reads, what it compares, and what it answers for given series.

The grammar is Prometheus' own (promql-parser). `selection` tells the structure, `conditions` what
is compared, `evaluation` the answer, and `rule_run` which alerts of a rule file fire when.
"""

from plimsoll.semantics.promql.errors import EvaluationError, PromqlError, UnsupportedError
from plimsoll.semantics.promql.selection import (
    Matcher,
    Selector,
    Step,
    constant,
    parse,
    selectors,
)

__all__ = [
    "EvaluationError",
    "Matcher",
    "PromqlError",
    "Selector",
    "Step",
    "UnsupportedError",
    "constant",
    "parse",
    "selectors",
]
