"""The mocked metrics count what their host answers, and misbehave where they are told to."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll import resources
from plimsoll.environment.loader import load
from plimsoll.environment.problem import ConfigurationError
from plimsoll.worlds import world as worlds
from plimsoll.worlds.blueprint import load_blueprint
from plimsoll.worlds.counting import CountedAnswer, Counting, Tally

BODY = '# TYPE hits_total counter\nhits_total{status="200"} 7\nhits_total{status="404"} 1\nup 0.5\n'
SERVED = frozenset({"/a", "/metrics"})


def counting(**others: object) -> Counting:
    """What counts answers at one path, and refusals elsewhere."""
    answers = [
        CountedAnswer("/a", 200, ['hits_total{status="200"}']),
        CountedAnswer(None, 404, ['hits_total{status="404"', "hits_total{"]),
    ]
    return Counting("/metrics", answers, **others)


def shown(tally: Tally) -> dict[str, float]:
    """The values of the body's lines, by what stands before them."""
    lines = [line for line in tally.shown(BODY).splitlines() if not line.startswith("#")]
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}


def test_an_answer_adds_to_the_lines_that_count_it() -> None:
    """By path and status; what nobody counts adds to nothing."""
    tally = Tally()
    assert tally.shown(BODY) == BODY
    for path, status in (("/a", 200), ("/a", 404), ("/b", 404), ("/b", 200)):
        tally.note(counting(), path, status, SERVED)
    assert shown(tally) == {'hits_total{status="200"}': 9, 'hits_total{status="404"}': 3, "up": 0.5}


def test_every_second_answer_counts_where_that_is_said() -> None:
    """Half of what was answered is shown."""
    tally, told = Tally(), counting()
    told.answers[0].every = 2
    for _ in range(5):
        tally.note(told, "/a", 200, SERVED)
    assert shown(tally)['hits_total{status="200"}'] == 9


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([("/a", 200), ("/a", 500), ("/x", 404), ("/x", 200)]), max_size=20))
def test_a_counter_rises_by_exactly_what_was_answered(asked: list[tuple[str, int]]) -> None:
    """Whatever the order, and only with answers that are counted."""
    tally = Tally()
    for path, status in asked:
        tally.note(counting(), path, status, SERVED)
    met = Counter(asked)
    assert shown(tally)['hits_total{status="404"}'] == 1 + 2 * met["/x", 404]
    assert shown(tally)['hits_total{status="200"}'] == 7 + met["/a", 200] + met["/x", 404]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("shown_at: metrics", "shown_at: nowhere", "counted: no endpoint nowhere is declared"),
        ("- endpoint: api", "- endpoint: nobody", "counted: no endpoint nobody is declared"),
        ('route="unknown",status', 'route="gone",status', "no line of the answer begins with"),
    ],
)
def test_counting_that_would_count_nothing_is_refused(tmp_path, old, new, said) -> None:
    """A misspelt endpoint or line is found when the world is read, with its place."""
    source = resources.fixtures() / "app-oint"
    text = (source / "world.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "world.yaml").write_text(text.replace(old, new), encoding="utf-8")
    (tmp_path / "bodies").symlink_to(source / "bodies")
    with pytest.raises(ConfigurationError, match=said):
        load_blueprint(tmp_path, load("app-oint").model)


def test_every_host_that_exports_metrics_counts_for_itself() -> None:
    """Regions and names that serve what regions serve; a host without metrics counts nothing."""
    world = worlds.build(load("app-oint").model, resources.fixtures())
    counts = {name for name, host in world.site.origins.items() if host.counting}
    assert {"https://fra1.api.app-oint.com", "https://nyc1.api.app-oint.com"} <= counts
    assert not {name for name in counts if name.startswith("http://")}
    assert len({id(world.site[name].counting) for name in counts}) == len(counts)
