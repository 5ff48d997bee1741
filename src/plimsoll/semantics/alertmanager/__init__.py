"""Alertmanager's configuration as Alertmanager reads it: who is told, when, and what is muted.

Sources: the Alertmanager documentation, and its `dispatch`, `inhibit`, `pkg/labels`, `matcher` and
`config` packages. Nothing is guessed: what cannot be told from the files is said not to be known.
"""
