"""What cannot be seen is never green: sources taken away, one by one and all at once."""

import pytest

SOURCES = ["http", "tls", "dns", "repository", "tools"]
UNKNOWN = {"error", "not_tested"}


@pytest.fixture(scope="module")
def withheld(shared_run):
    """One run for each source that is withheld."""
    return {source: shared_run.check("--withhold", source) for source in [*SOURCES, "all"]}


def relying_on(document, source):
    """The controls and subjects that were decided from a source."""
    return {
        (one["control"], one["subject"])
        for one in document["results"]
        if any(seen["source"].partition(":")[0] == source for seen in one["vantage"])
    }


@pytest.mark.parametrize("source", ["http", "tls", "dns", "repository"])
def test_what_relies_on_a_withheld_source_is_unknown(sound, withheld, source):
    """Neither pass nor fail: it could not be looked."""
    results = {
        (one["control"], one["subject"]): one for one in withheld[source].document["results"]
    }
    affected = relying_on(sound.document, source)
    assert affected
    assert {results[key]["verdict"] for key in affected} <= UNKNOWN
    assert all(results[key]["summary"] for key in affected)


def test_without_tools_what_needs_them_is_unknown(sound, withheld):
    """A program that is not there decides nothing, and the rest is decided without it."""
    unknown = withheld["tools"].controls_with(*UNKNOWN)
    assert {"RBK-01", "CFG-04", "LOD-01"} <= unknown
    assert withheld["tools"].controls_with("fail") == set()


@pytest.mark.parametrize("source", SOURCES)
def test_a_withheld_source_makes_the_run_undecidable(withheld, source):
    """The gate stays shut, and the status says why."""
    run = withheld[source]
    assert run.status == 2, run.out
    assert "UNDECIDABLE" in run.out


def test_in_the_blind_world_nothing_passes(withheld):
    """Every source withheld: nothing is known, so nothing is green."""
    blind = withheld["all"]
    assert blind.status == 2
    assert set(blind.verdicts()) <= UNKNOWN | {"not_applicable"}
    assert blind.document["counts"]["pass"] == 0
