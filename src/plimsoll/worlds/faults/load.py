"""Break the load test: its weight, its strictness, its runner and what it exercises."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

SCRIPT: Final = "scripts/load_test_k6.js"
_WORKFLOW: Final = ".github/workflows/checks.yml"
RUNNER: Final = "testing/load-tests/run-load-test.sh"
_USERS: Final = "{ registration: 500, login: 1500, booking: 3000 }"
_DURATION: Final = "    http_req_duration: ['p(95)<2000', 'p(99)<5000'],\n"
_ERRORS: Final = "    http_req_failed: ['rate<0.01'],\n"
_RUN: Final = 'k6 run --summary-export "$summary" "$root/scripts/load_test_k6.js" || status=$?\n'

_app_oint = partial(fault, vantage="repository", environments=("app-oint",))


@_app_oint("LOD-01", "too-few-users")
def too_few_users(world: World) -> None:
    """Send a tenth of the users, and write the number asked for into a comment."""
    world.files.replace(
        SCRIPT, f"{_USERS};", "{ registration: 50, login: 150, booking: 300 }; // target: 10000"
    )


@_app_oint("LOD-01", "too-short")
def too_short(world: World) -> None:
    """Hold the peak for ten minutes, twenty-two with the ramps."""
    world.files.replace(SCRIPT, "duration: '20m'", "duration: '10m'")


@_app_oint("LOD-01", "regions-one-after-the-other")
def regions_one_after_the_other(world: World) -> None:
    """Load the second region only when the first is done: never all users at once."""
    world.files.replace(
        SCRIPT,
        "    startVUs: 0,\n",
        "    startVUs: 0,\n    startTime: region === 'nyc1' ? '32m' : '0s',\n",
    )


@_app_oint("LOD-01", "idle-between-scenarios")
def idle_between_scenarios(world: World) -> None:
    """Load for fourteen minutes, and as long once more when half an hour has gone by."""
    world.files.replace(SCRIPT, "duration: '20m'", "duration: '2m'")
    again = "    smoke: { ...journey('fra1', 'login'), startTime: '46m' },\n  },\n  thresholds"
    world.files.replace(SCRIPT, "  },\n  thresholds", again)


@_app_oint("LOD-01", "a-quarter-of-the-users")
def a_quarter_of_the_users(world: World) -> None:
    """Keep an execution segment of one machine of four in the script."""
    world.files.replace(
        SCRIPT,
        "export const options = {\n",
        "export const options = {\n  executionSegment: '0:1/4',\n",
    )


@_app_oint("LOD-01", "users-not-guaranteed")
def users_not_guaranteed(world: World) -> None:
    """Ask for a rate of arrivals, for which as many users work as the answers need."""
    text = world.files.text(SCRIPT)
    ramps = text[text.index("    executor: 'ramping-vus'") : text.index("    env: {")]
    rate = (
        "    executor: 'constant-arrival-rate',\n    exec,\n    rate: USERS_PER_REGION[exec],\n"
        "    duration: '32m',\n    preAllocatedVUs: 10000,\n"
    )
    world.files.replace(SCRIPT, ramps, rate)


@_app_oint("LOD-01", "refused-by-k6", also=("LOD-04",))
def refused_by_k6(world: World) -> None:
    """Name a function in the scenarios that the script does not export."""
    world.files.replace(SCRIPT, "export function booking", "function booking")


@_app_oint("LOD-01", "script-missing", also=("LOD-02", "LOD-04"))
def script_missing(world: World) -> None:
    """Leave the load test out of the repository."""
    world.files.delete(SCRIPT)


@_app_oint("LOD-01", "shortened-by-a-job")
def shortened_by_a_job(world: World) -> None:
    """Let the weekly job call the runner with a tenth of the users, and for a minute."""
    _weekly(world, "env: {K6_VUS: 1000, K6_DURATION: 1m}")


@_app_oint("LOD-01", "stages-set-by-a-job")
def stages_set_by_a_job(world: World) -> None:
    """Let a variable of the weekly job take the place of every scenario."""
    _weekly(world, 'env: {K6_STAGES: "5m:10000,1m:0"}')


@_app_oint("LOD-01", "one-iteration-each", also=("LOD-03",))
def one_iteration_each(world: World) -> None:
    """Ask each virtual user for a single iteration, on the command line."""
    world.files.replace(RUNNER, "k6 run --summary", "k6 run -i 10000 -u 10000 --summary")


@_app_oint("LOD-01", "field-misspelt", also=("LOD-04",))
def field_misspelt(world: World) -> None:
    """Give the scenarios a field that their executor does not have: k6 does not start."""
    world.files.replace(SCRIPT, "gracefulRampDown: '30s'", "gracefulRampdown: '30s'")


@_app_oint("LOD-02", "aggregation-of-another-kind")
def aggregation_of_another_kind(world: World) -> None:
    """Count failed requests, where k6 has their share alone, and so does not start."""
    world.files.replace(SCRIPT, _ERRORS, _ERRORS.replace("rate<0.01", "count<1"))


@_app_oint("LOD-02", "switched-off-by-a-job")
def switched_off_by_a_job(world: World) -> None:
    """Let the weekly job call the runner so that no threshold is crossed."""
    _weekly(world, 'env: {K6_NO_THRESHOLDS: "true"}')


@_app_oint("LOD-02", "average-instead-of-percentile")
def average_instead_of_percentile(world: World) -> None:
    """Compare the average with the limit of the 95th percentile."""
    world.files.replace(SCRIPT, _DURATION, _DURATION.replace("p(95)", "avg"))


@_app_oint("LOD-02", "lower-percentile")
def lower_percentile(world: World) -> None:
    """Compare the 90th percentile with the limit of the 99th."""
    world.files.replace(SCRIPT, _DURATION, _DURATION.replace("p(99)", "p(90)"))


@_app_oint("LOD-02", "limit-too-high")
def limit_too_high(world: World) -> None:
    """Allow the 95th percentile three seconds."""
    world.files.replace(SCRIPT, _DURATION, _DURATION.replace("2000", "3000"))


@_app_oint("LOD-02", "errors-in-percent")
def errors_in_percent(world: World) -> None:
    """Write the share of failed requests in percent, where k6 counts in shares of one."""
    world.files.replace(SCRIPT, _ERRORS, _ERRORS.replace("0.01", "1"))


@_app_oint("LOD-02", "errors-only-by-region")
def errors_only_by_region(world: World) -> None:
    """Keep the limits on errors for tagged requests only."""
    world.files.replace(SCRIPT, _ERRORS, "")


@_app_oint("LOD-02", "thresholds-in-a-comment")
def thresholds_in_a_comment(world: World) -> None:
    """Turn the limits on response times into a comment."""
    world.files.replace(SCRIPT, _DURATION, f"    //{_DURATION.strip()}\n")


@_app_oint("LOD-02", "refused-by-k6")
def threshold_refused_by_k6(world: World) -> None:
    """Write a threshold that k6 cannot read."""
    world.files.replace(SCRIPT, _DURATION, _DURATION.replace("p(95)<2000", "p95 below 2000"))


@_app_oint("LOD-03", "failure-swallowed")
def failure_swallowed(world: World) -> None:
    """Go on whatever k6 says."""
    world.files.replace(RUNNER, _RUN, _RUN.replace("status=$?", "true"))


@_app_oint("LOD-03", "failure-lost-in-a-pipe")
def failure_lost_in_a_pipe(world: World) -> None:
    """Let the exit status of a pipe be that of tee."""
    world.files.replace(RUNNER, "set -euo pipefail", "set -eu")
    world.files.replace(
        RUNNER, _RUN, _RUN.replace(" || status=$?", ' | tee "$directory/k6.log" || status=$?')
    )


@_app_oint("LOD-03", "success-at-the-end")
def success_at_the_end(world: World) -> None:
    """Note the failure in the report, and end with success."""
    world.files.replace(RUNNER, 'exit "$status"', "exit 0")


@_app_oint("LOD-03", "left-before-k6")
def left_before_k6(world: World) -> None:
    """Return from the function that runs k6 before it comes to that."""
    kept = f"loaded() {{\n  return 0\n  {_RUN}}}\nloaded\n"
    world.files.replace(RUNNER, _RUN, kept)


@_app_oint("LOD-03", "options-overridden", also=("LOD-01",))
def options_overridden(world: World) -> None:
    """Run with ten users for a minute, whatever the script asks for."""
    world.files.replace(RUNNER, "k6 run --summary", "k6 run --vus 10 --duration 1m --summary")


@_app_oint("LOD-03", "thresholds-switched-off", also=("LOD-02",))
def thresholds_switched_off(world: World) -> None:
    """Tell k6 to cross no threshold."""
    world.files.replace(RUNNER, "status=0\n", "status=0\nexport K6_NO_THRESHOLDS=true\n")


@_app_oint("LOD-03", "another-script")
def another_script(world: World) -> None:
    """Run a smoke test in place of the load test."""
    world.files.replace(RUNNER, "scripts/load_test_k6.js", "scripts/smoke_test_k6.js")


@_app_oint("LOD-03", "no-report")
def no_report(world: World) -> None:
    """Print the result and keep nothing of it."""
    world.files.replace(RUNNER, ' --summary-export "$summary"', "")
    world.files.replace(RUNNER, '} >"$report"\n\ncat "$report"\n', "}\n")


@_app_oint("LOD-03", "k6-only-mentioned")
def k6_only_mentioned(world: World) -> None:
    """Print the command instead of running it."""
    world.files.replace(RUNNER, "k6 run --summary", "echo k6 run --summary")


@_app_oint("LOD-03", "not-executable", also=("CFG-03",))
def not_executable(world: World) -> None:
    """Record the runner with mode 100644."""
    world.files.set_mode(RUNNER, executable=False)


@_app_oint("LOD-03", "runner-missing", also=("CFG-03",))
def runner_missing(world: World) -> None:
    """Leave the runner out of the repository."""
    world.files.delete(RUNNER)


@_app_oint("LOD-04", "activity-in-name-only")
def activity_in_name_only(world: World) -> None:
    """Let the scenario called booking ask for health."""
    world.files.replace(SCRIPT, "'/bookings'", "'/health/liveness'")


@_app_oint("LOD-04", "activity-without-users")
def activity_without_users(world: World) -> None:
    """Give the scenario of bookings no users, and the others all of them."""
    world.files.replace(SCRIPT, _USERS, "{ registration: 500, login: 4500, booking: 0 }")


@_app_oint("LOD-04", "region-without-users")
def region_without_users(world: World) -> None:
    """Send everybody to the first region."""
    share = "(region === 'nyc1' ? 0 : 2 * USERS_PER_REGION[exec])"
    world.files.replace(SCRIPT, "target: USERS_PER_REGION[exec]", f"target: {share}")


@_app_oint("LOD-04", "region-in-name-only")
def region_in_name_only(world: World) -> None:
    """Send the scenarios named after the second region to the first."""
    world.files.replace(SCRIPT, "env: { REGION: region }", "env: { REGION: 'fra1' }")


@_app_oint("LOD-06", "too-old")
def too_old(world: World) -> None:
    """Have a k6 at hand that is a release older than the one that is asked for."""
    world.programs["k6"] = "#!/bin/sh\necho 'k6 v0.46.0 (go1.20.7, linux/amd64)'\n"


def _weekly(world: World, environment: str) -> None:
    """Add a job that runs the load test in this environment."""
    text = world.files.text(_WORKFLOW)
    job = (
        "\n  load:\n    runs-on: ubuntu-24.04\n    steps:\n"
        f"      - run: {RUNNER} staging\n        {environment}\n"
    )
    world.files.write(_WORKFLOW, text.rstrip("\n") + "\n" + job)
