"""What cannot be seen is never green: sources taken away, one by one and all at once."""

from functools import cache

import pytest

SOURCES = {
    "app-oint": ["http", "tls", "dns", "repository", "tools", "do", "spaces", "prom"],
    "tetrix": ["http", "tls", "dns", "repository", "do", "process"],
    "digitalocean-production": ["http", "tls", "repository", "do", "spaces"],
}
EACH = [(env, source) for env, sources in SOURCES.items() for source in sources]
UNKNOWN = {"error", "not_tested"}


@pytest.fixture(scope="module")
def withheld(shared_run):
    """Return a run of an environment with a source withheld, made once."""

    @cache
    def blinded(env, source):
        return shared_run.check("--withhold", source, env=env)

    return blinded


def relying_on(document, source):
    """The controls and subjects that were decided from a source."""
    return {
        (one["control"], one["subject"])
        for one in document["results"]
        if any(seen["source"].partition(":")[0] == source for seen in one["vantage"])
    }


@pytest.mark.parametrize(("env", "source"), [one for one in EACH if one[1] != "tools"])
def test_what_relies_on_a_withheld_source_is_unknown(sound_worlds, withheld, env, source):
    """Neither pass nor fail: it could not be looked."""
    results = {
        (one["control"], one["subject"]): one for one in withheld(env, source).document["results"]
    }
    affected = relying_on(sound_worlds(env).document, source)
    assert affected
    assert {results[key]["verdict"] for key in affected} <= UNKNOWN
    assert all(results[key]["summary"] for key in affected)


@pytest.mark.parametrize(("env", "source"), EACH)
def test_what_does_not_rely_on_it_is_still_decided(sound_worlds, withheld, env, source):
    """One blind eye does not close the other: nothing fails for want of sight."""
    run = withheld(env, source)
    assert run.controls_with("fail") == set()
    before = sound_worlds(env).document["counts"]["pass"]
    assert 0 < run.document["counts"]["pass"] < before


def test_without_tools_what_needs_them_is_unknown(withheld):
    """A program that is not there decides nothing, and the rest is decided without it."""
    unknown = withheld("app-oint", "tools").controls_with(*UNKNOWN)
    assert {"RBK-01", "CFG-04", "LOD-01"} <= unknown


@pytest.mark.parametrize(("env", "source"), EACH)
def test_a_withheld_source_makes_the_run_undecidable(withheld, env, source):
    """The gate stays shut, and the status says why."""
    run = withheld(env, source)
    assert run.status == 2, run.out
    assert "UNDECIDABLE" in run.out


@pytest.mark.parametrize("env", SOURCES)
def test_in_the_blind_world_nothing_passes(withheld, env):
    """Every source withheld: nothing is known, so nothing is green."""
    blind = withheld(env, "all")
    assert blind.status == 2
    assert set(blind.verdicts()) <= UNKNOWN | {"not_applicable"}
    assert blind.document["counts"]["pass"] == 0
