"""Whether an alert fires: an imaginary system, told in series, and the rules that watch it.

`system` says how the system fares at a moment, `scenario` how that changes with time, `roles` which
metric tells which of it, `synthesis` which series follow, `demands` what is asked of an alert, and
`proof` what the rules then do.
"""
