"""What can be wrong with an expression."""

from __future__ import annotations


class PromqlError(ValueError):
    """An expression that Prometheus would refuse."""


class UnsupportedError(PromqlError):
    """An expression that Prometheus may well accept, but that cannot be answered here."""


class EvaluationError(UnsupportedError):
    """An expression that parses, and for which Prometheus has no answer for the given series.

    Prometheus reports the rule as failed; an alert then neither fires nor resolves.
    """
