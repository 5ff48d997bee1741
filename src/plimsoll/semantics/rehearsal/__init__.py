"""A rehearsal of alerting: files that make time run faster, and words that come back from sinks.

`time_scale` shortens durations and expressions, `scaled_rules` rule files, `redirection` a
configuration of Alertmanager (where messages go, and how long it waits), `server_config` is the
Prometheus that scrapes it all; `targets` says what is served where, `notice` reads what arrived,
and `staging` which fault is staged for a required alert.
"""
