"""Evidence: what results relied on, no more, with the digest of what is written."""

import hashlib
import json

from plimsoll.facts.exchange import Exchange, HttpProbe
from plimsoll.facts.repository import RepositoryProbe
from plimsoll.findings import NotObserved, Observed, Origin, Result, Verdict
from plimsoll.pytest_plugin.exhibits import exhibits

HOME = HttpProbe("https://ferry.example/")
CART = HttpProbe("https://ferry.example/cart")


def answered(probe, noon, body=b"hello"):
    """An answer to a probe."""
    exchange = Exchange(
        probe.url, 200, "HTTP/1.1", (("set-cookie", "s=1"),), body, False, 1.0, noon
    )
    return Observed((exchange,), Origin("http", probe.url, simulated=True), noon)


def relying_on(*names):
    """A result that relied on these pieces."""
    return Result("ABC-01", "north", Verdict.PASS, Verdict.PASS, "told", evidence=names)


def test_only_what_was_relied_on_is_kept(assess, noon):
    """A sighting that no result used is nobody's evidence."""
    assessment = assess()
    assessment.sightings = {HOME: answered(HOME, noon), CART: answered(CART, noon)}
    made = exhibits(assessment, [relying_on(str(HOME))])
    assert list(made.index) == [str(HOME)]
    assert len(made.files) == 1


def test_the_digest_is_that_of_the_written_bytes(assess, noon):
    """And path, origin and moment say where it came from."""
    assessment = assess()
    assessment.sightings = {HOME: answered(HOME, noon)}
    made = exhibits(assessment, [relying_on(str(HOME))])
    (entry,) = made.index[str(HOME)]
    content = made.files[entry["path"]]
    assert entry["sha256"] == hashlib.sha256(content).hexdigest()
    assert entry["path"].startswith("evidence/http/")
    assert entry["origin"] == HOME.url
    assert entry["observed_at"] == "2026-01-02T12:00:00Z"
    assert json.loads(content)["observed"][0]["body"] == "hello"


def test_what_was_not_observed_is_evidence_too(assess):
    """Why nothing was seen is written down, without a moment at which it was seen."""
    assessment = assess()
    assessment.sightings = {HOME: NotObserved("no route", Origin("http", HOME.url))}
    made = exhibits(assessment, [relying_on(str(HOME))])
    (entry,) = made.index[str(HOME)]
    assert entry["observed_at"] == ""
    assert json.loads(made.files[entry["path"]])["not_observed"]["reason"] == "no route"


def test_of_a_repository_the_listing_and_the_files_relied_on_are_kept(assess, read):
    """Each file is a piece of its own."""
    assessment = assess()
    probe = RepositoryProbe(("a", "b"))
    assessment.sightings = {probe: read({"a.txt": "one", "b.txt": "two"})}
    made = exhibits(assessment, [relying_on("repository", "a.txt")])
    assert sorted(made.index) == ["a.txt", "repository"]
    assert all(path.startswith("evidence/repository/") for path in made.files)
    assert b"two" not in b"".join(made.files.values())


def test_names_that_look_alike_lie_apart(assess, noon):
    """Two probes whose names differ only in signs do not overwrite each other."""
    one, other = HttpProbe("https://ferry.example/a-b"), HttpProbe("https://ferry.example/a/b")
    assessment = assess()
    assessment.sightings = {one: answered(one, noon), other: answered(other, noon)}
    assert len(exhibits(assessment, [relying_on(str(one), str(other))]).files) == 2


def test_the_credentials_of_the_run_are_in_no_piece(assess, noon):
    """Even where the system gave one back in a way that no masking knows."""
    assessment = assess()
    assessment.credentials = {"FERRY_TOKEN": "seagull"}
    assessment.sightings = {HOME: answered(HOME, noon, b"you said: seagull")}
    made = exhibits(assessment, [relying_on(str(HOME))])
    assert b"seagull" not in b"".join(made.files.values())
    assert b"you said" in b"".join(made.files.values())
