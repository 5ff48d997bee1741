"""What a Prometheus really gets to see: the targets it scrapes, what each exposes, which labels.

`targets` evaluates the scrape configuration, `exporters` knows what well-known exporters expose,
`textfiles` what scripts leave for one of them, `samples` what was read over HTTP; `deployment` puts
them together and tells where a metric comes from; `reading` follows expressions, and `judgment`
says what alerts and dashboards ask for in vain.
"""
