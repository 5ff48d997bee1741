"""Settings that files hand over, and the secrets they give away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.document import DocumentError, parse_yaml
from plimsoll.semantics.setting import UNTYPED, exposed_secrets, handed_over

CLEAR = "a credential in clear text"
KINDS = ("app-spec", "compose", "kubernetes", "yaml")


def exposed(kind: str, text: str) -> list[tuple[str, str, str]]:
    """Return what a file of a kind gives away."""
    return list(exposed_secrets(kind, parse_yaml(text, "f")))


def handed(kind: str, text: str) -> frozenset[str]:
    """Return what a file of a kind hands over."""
    return handed_over(kind, parse_yaml(text, "f"))


def app_spec(*fields: str) -> str:
    """Return a specification with one variable of one service."""
    lines = ["- key: API_TOKEN", *(f"  {field}" for field in fields)]
    envs = "\n".join(f"      {line}" for line in lines)
    return f"services:\n  - name: api\n    envs:\n{envs}\n"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        (("type: SECRET", "value: Tr4vel-Kettle-9"), CLEAR),
        (("value: Tr4vel-Kettle-9",), CLEAR),
        (("value: EV[1:abc:def]",), UNTYPED),
        (("scope: RUN_TIME",), UNTYPED),
        (("type: SECRET", "value: your-token-here"), "a placeholder"),
    ],
)
def test_a_secret_of_a_specification_is_given_away(fields: tuple[str, ...], problem: str) -> None:
    """A type does not hide a value in clear, and an encrypted value needs the type."""
    found = exposed("app-spec", app_spec(*fields))
    assert [one[:2] for one in found] == [("api/API_TOKEN", problem)]


@pytest.mark.parametrize(
    "fields",
    [("type: SECRET",), ("type: SECRET", "value: EV[1:abc:def]"), ("value: ${db.PASSWORD}",)],
)
def test_a_secret_of_a_specification_is_kept(fields: tuple[str, ...]) -> None:
    """A typed secret without a value, an encrypted one and a bound one disclose nothing."""
    assert exposed("app-spec", app_spec(*fields)) == []


def test_a_compose_file_gives_secrets_away_in_many_places() -> None:
    """Defaults, addresses, options of commands and other keys are told with their lines."""
    text = """\
services:
  api:
    environment:
      DATABASE_URL: postgresql://app:Oyster7Plinth@db/app
      JWT_SECRET: ${JWT_SECRET:-secret}
      SMTP_PASSWORD: ${SMTP_PASSWORD:?set it}
      POSTGRES_PASSWORD_FILE: /run/secrets/postgres
  redis:
    command: redis-server --requirepass Quarry-71-Lantern
    labels:
      admin.password: Quarry-71-Lantern
"""
    assert exposed("compose", text) == [
        ("api/DATABASE_URL", CLEAR, "f:4"),
        ("api/JWT_SECRET", "a well-known default password", "f:5"),
        ("redis/requirepass", CLEAR, "f:9"),
        ("services.redis.labels/admin.password", CLEAR, "f:11"),
    ]


def test_a_manifest_gives_secrets_away() -> None:
    """A Secret in the repository is in clear whatever its keys; a ConfigMap is no store."""
    text = """\
kind: Secret
metadata: {name: s}
stringData: {dsn-main: Tr4vel-Kettle-9}
---
kind: Deployment
metadata: {name: d}
spec:
  template:
    spec:
      containers:
        - name: c
          env:
            - name: API_TOKEN
              valueFrom: {configMapKeyRef: {name: m, key: token}}
            - name: JWT_SECRET
              valueFrom: {secretKeyRef: {name: s, key: jwt}}
"""
    assert [found[:2] for found in exposed("kubernetes", text)] == [
        ("s/dsn-main", CLEAR),
        ("d/c/API_TOKEN", UNTYPED),
    ]


def test_settings_are_handed_over_by_declaration_or_by_use() -> None:
    """A Compose file hands over what it declares, what it takes in, and what a secret is made of."""
    text = """\
# COMMENTED: yes
services:
  api:
    image: x:${TAG}
    environment: {PASSED: , GIVEN: a, EMPTY: "", UNFILLED: your-value-here}
secrets:
  key: {environment: FROM_SECRET}
"""
    assert handed("compose", text) == {"TAG", "PASSED", "GIVEN", "FROM_SECRET"}
    assert handed("app-spec", app_spec("type: SECRET")) == {"API_TOKEN"}
    assert handed("yaml", "GIVEN: a") == frozenset()


@given(st.sampled_from(KINDS), st.text(max_size=80))
def test_any_text_is_read_or_refused(kind: str, text: str) -> None:
    """Whatever YAML holds, the secrets given away stand at lines of the file."""
    try:
        documents = parse_yaml(text, "f")
    except DocumentError:
        return
    assert all(where.startswith("f:") for _, _, where in exposed_secrets(kind, documents))
    assert "" not in handed_over(kind, documents)
