"""The HTTP APIs of Prometheus, Alertmanager and Grafana: what is asked, kept, and made of it.

Sources: https://prometheus.io/docs/prometheus/latest/querying/api/, Alertmanager's
``api/v2/openapi.yaml``, and https://grafana.com/docs/grafana/latest/developers/http_api/.
"""
