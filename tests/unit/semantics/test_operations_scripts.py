"""What operations scripts are seen to do: roll back, watch scaling, run a load test."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.script import Answer
from plimsoll.semantics.load_test_runner import load_test_runner
from plimsoll.semantics.rollback import rollback_signals
from plimsoll.semantics.scaling_monitor import scaling_monitor_signals
from plimsoll.semantics.shell.script import ShellError, parse_script

ROLLBACK = """\
HEALTH_URL="$API/health"
notify() { curl -d "$1" "$SLACK_WEBHOOK_URL"; }
query() { curl -fsS --data-urlencode "query=$1" "$PROMETHEUS"; }
check_health() {
  code=$(curl -s -o /dev/null -w '%{http_code}' "$HEALTH_URL")
  if [ "$code" != 200 ]; then return 1; fi
}
check_errors() {
  local rate
  rate=$(query 'rate(http_requests_total{status=~"5.."}[5m])')
  if (( $(echo "$rate > 1" | bc -l) )); then return 1; fi
}
roll_back_compose() { docker compose up -d; }
roll_back_kubernetes() { kubectl rollout undo deployment/api; }
bad=false
check_health || bad=true
if ! check_errors; then bad=true; fi
p95=$(query 'histogram_quantile(0.95, rate(request_duration_bucket[5m]))')
[[ $p95 > 5 ]] && bad=true
if [ "$bad" = true ]; then
  notify "rolling back"
  "roll_back_$PLATFORM"
  check_health
fi
"""
MONITOR = """\
alert() { curl -d "$1" "$SLACK_WEBHOOK_URL"; }
previous=0
while true; do
  current=$(kubectl get hpa api -o jsonpath='{.status.currentReplicas}')
  if [ "$current" != "$previous" ]; then alert "scaled to $current"; fi
  previous=$current
  sleep 30
done
"""


def decided(text: str) -> set[str]:
    """Return what decides about a rollback."""
    return {signal.name for signal in rollback_signals(parse_script(text)).decides}


def changed(text: str, old: str, new: str) -> str:
    """Replace a part that must be there."""
    assert old in text
    return text.replace(old, new)


def test_a_rollback_script_is_seen_to_do_what_it_does() -> None:
    """Conditions, platforms, the notice and the validation are told with their lines."""
    found = rollback_signals(parse_script(ROLLBACK))
    assert [(s.name, s.line) for s in found.decides] == [
        ("health", 5),
        ("error_rate", 10),
        ("response_time", 18),
    ]
    assert [s.name for s in found.platforms] == ["compose", "kubernetes"]
    assert [s.line for s in found.notifies] == [2]
    assert [s.line for s in found.validates] == [23]


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ("check_health || bad=true", "check_health # decides", "health"),
        ("if ! check_errors; then bad=true; fi", "echo check_errors error rate", "error_rate"),
        ('if (( $(echo "$rate > 1" | bc -l) )); then return 1; fi', "echo ok", "error_rate"),
        ("rate=$(query 'rate(http_requests_total{status=~\"5..\"}[5m])')", "rate=0", "error_rate"),
        ("[[ $p95 > 5 ]] && bad=true", 'echo "response time $p95"', "response_time"),
    ],
)
def test_a_measure_that_no_longer_decides_is_no_longer_told(old: str, new: str, lost: str) -> None:
    """Asking without a consequence, or a word in a comment, decides nothing."""
    assert decided(changed(ROLLBACK, old, new)) == {"health", "error_rate", "response_time"} - {
        lost
    }


def test_without_a_rollback_nothing_is_decided() -> None:
    """A script that only looks and speaks rolls nothing back."""
    text = changed(ROLLBACK, '"roll_back_$PLATFORM"', "echo kubectl rollout undo")
    text = changed(text, "kubectl rollout undo deployment/api;", "true;")
    text = changed(text, "docker compose up -d;", "docker compose ps;")
    found = rollback_signals(parse_script(text))
    assert (found.decides, found.platforms, found.validates) == ((), (), ())


@pytest.mark.parametrize(
    ("command", "platform"),
    [
        ("doctl apps create-deployment $APP", "digitalocean"),
        ("curl -X POST https://api.digitalocean.com/v2/apps/$APP/rollback", "digitalocean"),
        ("docker-compose up -d", "compose"),
        ("kubectl -n x rollout undo deployment/a", "kubernetes"),
    ],
)
def test_each_platform_has_its_own_way_back(command: str, platform: str) -> None:
    """A platform is told by the command that goes back."""
    found = rollback_signals(parse_script(f"curl -f $URL/health || {command}"))
    assert [s.name for s in found.platforms] == [platform]
    assert [s.name for s in found.decides] == ["health"]


@pytest.mark.parametrize(
    "decision",
    [
        "if curl -f $URL/health; then exit 0; fi\nkubectl rollout undo d",
        "if [ x ]; then :; elif ! curl -f $URL/health; then kubectl rollout undo d; fi",
        "case $(curl -s $URL/health) in ok) ;; *) kubectl rollout undo d ;; esac",
        "until curl -f $URL/health; do kubectl rollout undo d; done",
        "while read -r state; do [ $state = ok ] || kubectl rollout undo d; done < <(curl $URL/health)",
        "curl -s $URL/health | while read -r s; do if [ $s ]; then kubectl rollout undo d; fi; done",
        "f() { for u in $URLS; do curl -f $u/health || return 1; done; }\nf || kubectl rollout undo d",
    ],
)
def test_every_way_to_decide_is_understood(decision: str) -> None:
    """Early ends, alternatives, cases, loops and reads lead to the rollback as an `if` does."""
    assert decided(decision) == {"health"}


def test_a_notice_that_nothing_sends_is_none() -> None:
    """A function that is never called tells nobody."""
    text = changed(ROLLBACK, 'notify "rolling back"', "true")
    assert rollback_signals(parse_script(text)).notifies == ()


def test_a_monitor_of_scaling_is_seen_to_do_what_it_does() -> None:
    """It counts, compares with before, tells on a change, and goes on."""
    found = scaling_monitor_signals(parse_script(MONITOR))
    assert [s.line for s in found.counts] == [4]
    assert [s.line for s in found.compares] == [5]
    assert [s.line for s in found.notifies] == [5]
    assert [s.line for s in found.loops] == [3]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("previous=$current", "true"),
        ('alert "scaled', 'echo "scaled'),
        ("kubectl get hpa", "echo get hpa"),
        ('[ "$current" != "$previous" ]', "true"),
        ('"$SLACK_WEBHOOK_URL"', "http://localhost"),
    ],
)
def test_a_monitor_that_lacks_a_part_compares_nothing(old: str, new: str) -> None:
    """Without the count, the memory, the comparison or the notice there is no monitor."""
    found = scaling_monitor_signals(parse_script(changed(MONITOR, old, new)))
    assert (found.compares, found.notifies) == ((), ())


def test_a_monitor_that_looks_once_has_no_loop() -> None:
    """What runs once is told from what goes on."""
    text = changed(changed(MONITOR, "while true; do", "{"), "done", "}")
    assert scaling_monitor_signals(parse_script(text)).loops == ()


def test_counts_are_followed_through_functions_files_and_reads() -> None:
    """A count may come through a function's argument, and the memory from a file."""
    text = """\
list() { doctl apps get $APP -o json | jq -r '.instances | length'; }
compare() {
  local now=$1 before
  before=$(cat state)
  if ((now > before)); then wget --post-data x "$WEBHOOK"; fi
}
while read -r count; do compare "$count"; done <<<"$(list)"
"""
    found = scaling_monitor_signals(parse_script(text))
    assert [s.line for s in found.compares] == [5]


def test_a_runner_of_k6_is_seen_to_fail_to_report_and_to_override() -> None:
    """Each run has its consequence; flags and variables that beat the script are told."""
    found = load_test_runner(
        parse_script(
            "export K6_VUS=5\n"
            "k6 run --summary-export=s.json --vus 5 a.js || status=$?\n"
            "docker run grafana/k6:1.0 run - | cat\n"
            "echo k6 run > report.md\n"
            "exit $status\n"
        )
    )
    assert [(f.answer, f.line) for f in found.failures] == [(Answer.YES, 5), (Answer.NO, 3)]
    assert [(s.name, s.text) for s in found.reports] == [
        ("k6", "--summary-export=s.json"),
        ("file", "report.md"),
    ]
    assert [s.text for s in found.overrides] == ["vus=5", "K6_VUS=5"]


def test_a_script_that_runs_no_k6_has_no_consequence() -> None:
    """Nothing is said about a run that does not happen."""
    assert load_test_runner(parse_script("echo k6 run a.js # k6 run")).failures == ()


PIECES = st.lists(
    st.sampled_from(
        [
            *ROLLBACK.splitlines(),
            *MONITOR.splitlines(),
            "f() { f; }",
            "f",
            "read x",
            "x=$1",
            "x=$x",
            "k6 run a || f",
            "for i in $x; do kubectl rollout undo; done",
            "esac",
            "fi",
            "}",
        ]
    ),
    max_size=12,
).map("\n".join)


@given(PIECES)
def test_any_script_is_judged_or_refused(text: str) -> None:
    """Recursion, nonsense and half scripts raise nothing but the declared error."""
    try:
        script = parse_script(text)
    except ShellError:
        return
    rollback = rollback_signals(script)
    assert rollback.platforms or not rollback.decides
    monitor = scaling_monitor_signals(script)
    assert monitor.counts or not monitor.compares
    assert len(load_test_runner(script).failures) == text.count("k6 run")
