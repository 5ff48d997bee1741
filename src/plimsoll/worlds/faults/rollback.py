"""Break the rollback automation, without which a bad deployment stays."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

SCRIPT: Final = "scripts/auto-rollback.sh"
_API_ROLLBACK: Final = """\
  local target body deployment phase
  target=$(digitalocean GET '/deployments?per_page=20' |
    jq -er 'first(.deployments[] | select(.phase == "SUPERSEDED")) | .id')
  body=$(jq -n --arg id "$target" '{deployment_id: $id, skip_pin: false}')
  digitalocean POST /rollback/validate "$body" | jq -e '.valid' >/dev/null
  deployment=$(digitalocean POST /rollback "$body" | jq -er '.deployment.id')
  for _ in {1..60}; do
    phase=$(digitalocean GET "/deployments/$deployment" | jq -er '.deployment.phase')
    case $phase in
      ACTIVE) digitalocean POST /rollback/commit >/dev/null; return ;;
      ERROR | CANCELED) return 1 ;;
    esac
    sleep 10
  done
  return 1
"""
_POST: Final = (
    """curl -fsS --max-time 10 -H 'Content-Type: application/json' -d @- "$SLACK_WEBHOOK_URL" """
)

_app_oint = partial(fault, "RBK-01", vantage="repository", environments=("app-oint",))


@_app_oint("script-missing", also=("CFG-03",))
def script_missing(world: World) -> None:
    """Leave the script out of the repository."""
    world.files.delete(SCRIPT)


@_app_oint("not-executable", also=("CFG-03",))
def not_executable(world: World) -> None:
    """Record the script with mode 100644."""
    world.files.set_mode(SCRIPT, executable=False)


@_app_oint("health-only-in-a-comment")
def health_only_in_a_comment(world: World) -> None:
    """Turn the question for health into a comment."""
    asked = '  is_healthy || { echo "readiness fails"; return; }\n'
    world.files.replace(SCRIPT, asked, "  # is_healthy: readiness decides here\n")


@_app_oint("error-rate-without-consequence")
def error_rate_without_consequence(world: World) -> None:
    """Ask for the error rate, print it, and decide by the response time alone."""
    text = world.files.text(SCRIPT)
    compared = text[text.index('  if exceeds "$error_rate"') : text.index('exceeds "$p95"')]
    printed = '  echo "error rate: $error_rate, limit: $maximum_error_rate" >&2\n  if '
    world.files.replace(SCRIPT, compared, printed)
    asked = """service="functions"}[3m]))') ||\n    { echo unknown; return; }\n  p95"""
    unasked = """service="functions"}[3m]))') || true\n  p95"""
    world.files.replace(SCRIPT, asked, unasked)


@_app_oint("response-time-made-up")
def response_time_made_up(world: World) -> None:
    """Decide by a response time that nobody measured."""
    text = world.files.text(SCRIPT)
    asked = text[text.index("  p95=$(query") : text.index('  if exceeds "$error_rate"')]
    world.files.replace(SCRIPT, asked, "  p95=$((RANDOM % 5))\n")


@_app_oint("command-does-not-exist")
def command_does_not_exist(world: World) -> None:
    """Roll back on App Platform with `doctl apps rollback`, which doctl does not have."""
    world.files.replace(SCRIPT, _API_ROLLBACK, '  doctl apps rollback "$APP_ID"\n')


@_app_oint("present-version-again")
def present_version_again(world: World) -> None:
    """Roll back on App Platform by building the present version once more."""
    again = '  doctl apps create-deployment "$APP_ID" --force-rebuild --wait\n'
    world.files.replace(SCRIPT, _API_ROLLBACK, again)


@_app_oint("platform-forgotten")
def platform_forgotten(world: World) -> None:
    """Only print how a rollback on Kubernetes would be done."""
    undo = 'kubectl --namespace app-oint rollout undo "${deployments[@]}"'
    world.files.replace(SCRIPT, undo, 'echo "kubectl rollout undo" "${deployments[@]}"')


@_app_oint("nobody-told")
def nobody_told(world: World) -> None:
    """Write the message to a file instead of the team's channel."""
    world.files.replace(SCRIPT, _POST, "tee -a /var/log/rollback.log ")


@_app_oint("not-validated")
def not_validated(world: World) -> None:
    """Roll back and believe that all is well."""
    world.files.replace(
        SCRIPT, '"roll_back_$platform"; validate_after_rollback)', '"roll_back_$platform")'
    )
    world.files.replace(
        SCRIPT,
        '    kubectl --namespace app-oint rollout status "$deployment" --timeout=180s\n',
        "    :\n",
    )


@_app_oint("warned-of-by-static-analysis")
def warned_of_by_static_analysis(world: World) -> None:
    """Hide the failure of a command behind the declaration of its variable."""
    separate = "  local error_rate p95\n"
    world.files.replace(SCRIPT, separate, "  local error_rate p95 host=$(hostname)\n")
    world.files.replace(SCRIPT, 'echo "readiness fails"', 'echo "readiness fails on $host"')
