"""PromQL: what an expression reads, what it compares, and what it answers for given series.

The grammar is Prometheus' own (promql-parser). `selection` tells the structure, `conditions` what
is compared, `evaluation` the answer, and `rule_run` which alerts of a rule file fire when.
"""

from plimsoll.semantics.promql.selection import (
    Matcher,
    PromqlError,
    Selector,
    Step,
    constant,
    parse,
    selectors,
)

__all__ = ["Matcher", "PromqlError", "Selector", "Step", "constant", "parse", "selectors"]
