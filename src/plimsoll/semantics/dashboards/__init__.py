"""What Grafana dashboards show, judged by what their queries answer.

`reading` makes panels and queries of the JSON document, `sensitivity` asks each query in imaginary
worlds that differ in one fact, `showing` tells which signals are seen, and `units` whether they are
labeled for what they are.
"""
