"""From marked functions to planned checks: one for each subject, and nothing guessed."""

import textwrap

import pytest

from plimsoll.pytest_plugin import run  # noqa: F401 (loaded once: a run in this process unloads)

pytest_plugins = ("pytester",)

ENVIRONMENT = """\
schema: plimsoll/environment/1
system: Ferry
regions:
  - {id: north, title: N, role: primary, base_url: "https://north.ferry.example"}
  - {id: south, title: S, role: secondary, base_url: "https://south.ferry.example"}
endpoints: [{name: ready, kind: readiness, path: /ready}]
"""
CONTROLS = """\
- {id: FRY-01, title: T, severity: high, requirement: R., why: W., remedy: M., seeds: [own]}
- {id: FRY-02, title: T, severity: low, requirement: R., why: W., remedy: M., seeds: [own]}
"""
CHECKS = """\
import pytest

@pytest.mark.control("FRY-01")
def test_region(region):
    '''Looks at a region.'''

@pytest.mark.control("FRY-02")
def test_component(component):
    '''Looks at a component.'''

def test_no_check():
    pass
"""


@pytest.fixture
def collect(pytester, monkeypatch):
    """Collect a file of checks in this process; return the items and what was said."""
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", raising=False)

    def collected(checks=CHECKS, *arguments, environment=ENVIRONMENT, catalogue=CONTROLS):
        area = pytester.path / "own" / "ferries"
        area.mkdir(parents=True, exist_ok=True)
        (area / "controls.yaml").write_text(catalogue)
        (area / "test_ferries.py").write_text(textwrap.dedent(checks))
        (pytester.path / "ferry.yaml").write_text(environment)
        return pytester.inline_run(
            *("-p", "plimsoll.pytest_plugin", "-p", "no:cacheprovider", "--import-mode=importlib"),
            *("--env=ferry.yaml", "--mock", "--checks=own", "--collect-only", "-q", "own"),
            *arguments,
        )

    return collected


def names(done):
    """The collected tests, by name."""
    (finished,) = done.getcalls("pytest_collection_finish")
    return [item.name for item in finished.session.items]


def test_a_check_is_collected_once_for_each_declared_subject(collect):
    """By name; a kind of which nothing is declared is collected once, to say so."""
    assert names(collect()) == [
        "test_region[north]",
        "test_region[south]",
        "test_component[not-declared]",
        "test_no_check",
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--control=FRY-02"], {"test_component[not-declared]", "test_no_check"}),
        (["--area=ferries"], {"test_region[north]", "test_region[south]",
                              "test_component[not-declared]", "test_no_check"}),
        (["--area=scaling"], {"test_no_check"}),
    ],
)  # fmt: skip
def test_only_the_controls_asked_for_are_kept(collect, arguments, expected):
    """Tests that are no checks are nobody's to drop."""
    assert set(names(collect(CHECKS, *arguments))) == expected


def test_a_check_carries_its_control_and_severity(collect):
    """For the columns of other people's reports."""
    (finished,) = collect().getcalls("pytest_collection_finish")
    assert finished.session.items[0].user_properties == [
        ("control", "FRY-01"),
        ("severity", "high"),
    ]


@pytest.mark.parametrize(
    ("checks", "said"),
    [
        ("import pytest\n@pytest.mark.control('FRY-09')\ndef test_a():\n    '''A.'''\n",
         "no controls.yaml describes FRY-09"),
        ("import pytest\n@pytest.mark.control()\ndef test_a():\n    '''A.'''\n",
         "names exactly one control"),
        ("import pytest\n@pytest.mark.control('FRY-01')\n@pytest.mark.control('FRY-02')\n"
         "def test_a():\n    '''A.'''\n", "names exactly one control"),
    ],
)  # fmt: skip
def test_a_check_that_does_not_say_what_it_judges_is_refused(collect, capsys, checks, said):
    """One control, and one that is described."""
    done = collect(checks)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    printed = capsys.readouterr()
    assert said in printed.err + printed.out


def test_a_check_of_two_subjects_is_not_collected(collect, capsys):
    """One sentence is about one thing."""
    checks = """\
    import pytest

    @pytest.mark.control("FRY-01")
    def test_both(region, component):
        '''Looks at both.'''
    """
    done = collect(checks)
    assert done.ret not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}
    printed = capsys.readouterr()
    assert "one subject, not region and component" in printed.out + printed.err


TWO_KINDS = """\
import pytest

@pytest.mark.control("FRY-01")
def test_region(region):
    '''Looks at a region.'''

@pytest.mark.control("FRY-01")
def test_component(component):
    '''Looks at a component.'''

@pytest.mark.control("FRY-02")
def test_database(managed_database):
    '''Looks at a database.'''

@pytest.mark.control("FRY-02")
def test_pool(pool_component):
    '''Looks at a pool.'''
"""


def test_a_control_that_applies_to_one_kind_does_not_say_that_another_is_missing(collect):
    """And one that applies to none says so once."""
    assert names(collect(TWO_KINDS)) == [
        "test_region[north]",
        "test_region[south]",
        "test_database[not-declared]",
    ]


def test_a_family_of_controls_is_asked_for_by_its_number(collect):
    """Whoever names SEC-06 means SEC-06a and SEC-06b."""
    lettered = CONTROLS.replace("FRY-01", "FRY-03a").replace("FRY-02", "FRY-03b")
    checks = CHECKS.replace("FRY-01", "FRY-03a").replace("FRY-02", "FRY-03b")
    everything = ["test_region[north]", "test_region[south]"]
    everything += ["test_component[not-declared]", "test_no_check"]
    assert names(collect(checks, "--control=FRY-03", catalogue=lettered)) == everything
    assert names(collect(checks, "--control=FRY-03b", catalogue=lettered)) == [
        "test_component[not-declared]",
        "test_no_check",
    ]
