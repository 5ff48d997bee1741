"""Break how a system is built and deployed: its manifest, its lock file, its deploy script."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

_MANIFEST: Final = "package.json"
_LOCK: Final = "pnpm-lock.yaml"
_SPEC: Final = ".do/app.yaml"
_ASTRO: Final = "astro.config.mjs"
_SCRIPT: Final = "scripts/deploy-with-best-practices.sh"
_APP: Final = "tetrix-minimal"
_INSTALL: Final = "pnpm install --frozen-lockfile"

_in_repository = partial(fault, vantage="repository", environments=("tetrix",))
_on_platform = partial(fault, vantage="do", environments=("tetrix",))


@_in_repository("DLV-01", "package-manager-not-pinned")
def package_manager_not_pinned(world: World) -> None:
    """Take whatever version of the package manager the build finds."""
    world.files.replace(_MANIFEST, '  "packageManager": "pnpm@10.18.3",\n', "")


@_in_repository("DLV-01", "another-package-manager")
def another_package_manager(world: World) -> None:
    """Pin another version than the declared one."""
    world.files.replace(_MANIFEST, "pnpm@10.18.3", "pnpm@10.18.4")


@_in_repository("DLV-01", "lock-file-not-committed")
def lock_file_not_committed(world: World) -> None:
    """Leave the lock file out of version control."""
    world.files.delete(_LOCK)


@_in_repository("DLV-01", "lock-file-behind")
def lock_file_behind(world: World) -> None:
    """Ask for a newer Astro than the lock file holds."""
    world.files.replace(_MANIFEST, '"astro": "5.15.3"', '"astro": "5.15.4"')


@_in_repository("DLV-01", "build-not-clean")
def build_not_clean(world: World) -> None:
    """Say in a comment only that the build begins clean."""
    world.files.replace(_ASTRO, "build: { clean: true },", "// build: { clean: true },")


@_in_repository("DLV-01", "install-not-frozen", also=("DLV-02",))
def install_not_frozen(world: World) -> None:
    """Let the reviewed build resolve its dependencies anew."""
    world.files.replace(_SPEC, _INSTALL, "pnpm install")


@_in_repository("DLV-01", "frozen-in-an-echo", also=("DLV-02",))
def frozen_in_an_echo(world: World) -> None:
    """Print the frozen install, and run another."""
    world.files.replace(_SPEC, _INSTALL, f"echo '{_INSTALL}' && pnpm install --no-frozen-lockfile")


@_on_platform("DLV-01", "live-install-not-frozen", also=("DLV-02",))
def live_install_not_frozen(world: World) -> None:
    """Change the build command in the control panel."""
    for service in world.cloud.services(_APP, "web"):
        service["build_command"] = "pnpm install && pnpm build"


@_on_platform("DLV-01", "live-build-command-removed", also=("DLV-02",))
def live_build_command_removed(world: World) -> None:
    """Leave the build to what the platform makes of the source."""
    for service in world.cloud.services(_APP, "web"):
        del service["build_command"]


@_in_repository("DLV-07", "older-runtime-let-in")
def older_runtime_let_in(world: World) -> None:
    """Let a runtime in that is no longer maintained."""
    world.files.replace(_MANIFEST, '">=18"', '">=16 || >=20"')


@_in_repository("DLV-07", "any-runtime")
def any_runtime(world: World) -> None:
    """Ask for no version of the runtime at all."""
    world.files.replace(_MANIFEST, '  "engines": { "node": ">=18" },\n', "")


@_in_repository("DLV-08", "login-not-checked")
def login_not_checked(world: World) -> None:
    """Define the check of the login, and never call it."""
    world.files.replace(_SCRIPT, "main() {\n  check_authentication\n", "main() {\n")


@_in_repository("DLV-08", "specification-only-mentioned")
def specification_only_mentioned(world: World) -> None:
    """Print the command that validates the specification."""
    check = 'doctl apps spec validate "$SPEC" >/dev/null ||'
    world.files.replace(_SCRIPT, check, 'echo "doctl apps spec validate $SPEC" ||')


@_in_repository("DLV-08", "backup-after-deployment")
def backup_after_deployment(world: World) -> None:
    """Save the specification when it has already been replaced."""
    world.files.replace(
        _SCRIPT, "  back_up_specification\n\n  deploy\n", "  deploy\n\n  back_up_specification\n"
    )


@_in_repository("DLV-08", "backup-thrown-away")
def backup_thrown_away(world: World) -> None:
    """Fetch the present specification, and keep nothing of it."""
    world.files.replace(_SCRIPT, '--format yaml >"$file"', "--format yaml >/dev/null")


@_in_repository("DLV-08", "health-passed-over")
def health_passed_over(world: World) -> None:
    """Ask for health, and go on whatever the answer is."""
    asks = '  status="$(curl --fail --silent --show-error --max-time 10 "$HEALTH_URL" |'
    ignores = '  curl --silent "$HEALTH_URL" || true\n  status="$(cat healthy.json |'
    world.files.replace(_SCRIPT, asks, ignores)


@_in_repository("DLV-08", "instances-only-sometimes")
def instances_only_sometimes(world: World) -> None:
    """Count the instances only where somebody asks for it."""
    world.files.replace(
        _SCRIPT, "  verify_instances\n", '  if [[ -n "${COUNT:-}" ]]; then verify_instances; fi\n'
    )


@_in_repository("DLV-08", "domains-forgotten")
def domains_forgotten(world: World) -> None:
    """Deploy without a look at the domains."""
    world.files.replace(
        _SCRIPT,
        "  verify_health\n  verify_instances\n  verify_domains\n",
        "  verify_health\n  verify_instances\n",
    )


@_in_repository("DLV-08", "performance-not-measured")
def performance_not_measured(world: World) -> None:
    """Ask for the pages, and not how long they take."""
    world.files.replace(_SCRIPT, "%{time_total}", "%{http_code}")


@_in_repository("DLV-08", "logs-not-read")
def logs_not_read(world: World) -> None:
    """End before the error log is read."""
    world.files.replace(_SCRIPT, "  review_error_logs\n", "  # review_error_logs\n")


@_in_repository("DLV-08", "package-manager-not-checked")
def package_manager_not_checked(world: World) -> None:
    """Deploy with whatever package manager is there, or none."""
    world.files.replace(_SCRIPT, "  check_package_manager\n", "")
