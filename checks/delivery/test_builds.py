"""Builds are reproducible, run on a runtime that is new enough, and are deployed with care."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.facts.script import Answer
from plimsoll.findings import NotObserved
from plimsoll.semantics import lock_file
from plimsoll.semantics.app_spec import built_components
from plimsoll.semantics.astro_config import cleans_before_build
from plimsoll.semantics.deploy_steps import deploy_steps
from plimsoll.semantics.digitalocean.running import running_spec
from plimsoll.semantics.install_command import installs
from plimsoll.semantics.javascript import JavaScriptError
from plimsoll.semantics.shell.script import ShellError, parse_script
from plimsoll.semantics.version_range import UnknownRangeError, least_version

if TYPE_CHECKING:
    from plimsoll.environment.delivery_inventory import BuildSubject, DeployScriptSubject
    from plimsoll.environment.delivery_model import Build
    from plimsoll.facts.document import Document
    from plimsoll.findings import Expect, Origin
    from plimsoll.pytest_plugin.repository_view import RepositoryView
    from plimsoll.pytest_plugin.vantages import Vantages


@pytest.mark.control("DLV-01")
def test_builds_are_reproducible(build: BuildSubject, vantages: Vantages, expect: Expect) -> None:
    """Read manifest, lock file and build settings in the repository, and the live build commands.

    The manifest must pin the declared package manager exactly; the lock file must be that of the
    manifest. Every component that the platform builds from source must install with the lock file
    frozen, stated as an option: in the reviewed specification and in that of every declared app; an
    app that is made of images alone builds nothing.
    An Astro configuration must export `build.clean: true`; comments count for nothing.
    """
    declared = build.build
    with vantages.apart():
        _judge_files(declared, vantages.repository(), expect)
    for app in vantages.declared_apps if declared.frozen_install else ():
        with vantages.apart():
            live = vantages.app(app)
            spec = running_spec(live)
            if built_components(spec):
                _judge_installs(spec, expect, live.origin, f" of {app.name}")


def _judge_files(declared: Build, repository: RepositoryView, expect: Expect) -> None:
    manifest = repository.document(declared.manifest)
    pinned = manifest.part("packageManager")
    version = (pinned.text or "").partition("+")[0] or None
    at = repository.origin_of(declared.manifest).at(pinned.where)
    expect.equal(declared.package_manager, version, "package manager", at=at)
    problems = lock_file.problems(repository.text(declared.lock_file), declared.lock_file, manifest)
    expect.no_problems(problems, "lock file", at=repository.origin_of(declared.lock_file))
    if declared.astro_config:
        _judge_cleaning(declared.astro_config, repository, expect)
    if declared.app_spec and declared.frozen_install:
        origin = repository.origin_of(declared.app_spec)
        _judge_installs(repository.document(declared.app_spec), expect, origin, "")


def _judge_cleaning(path: str, repository: RepositoryView, expect: Expect) -> None:
    origin = repository.origin_of(path)
    try:
        answer, line = cleans_before_build(repository.text(path))
    except JavaScriptError as error:
        raise NotObserved(str(error), origin.at(f"{path}:{error.line}")) from None
    place = origin.at(f"{path}:{line}") if line else origin
    if answer is Answer.UNKNOWN:
        raise NotObserved("the value of build.clean is computed", place)
    says = answer is Answer.YES
    expect.that(says, "clean build", observed=None, expected="build: {clean: true}", at=place)


def _judge_installs(spec: Document, expect: Expect, origin: Origin, owner: str) -> None:
    built = built_components(spec)
    if not built:
        raise NotObserved("builds nothing from source with a build command", origin)
    for component in built:
        stated = component.part["build_command"]
        place = origin.at(stated.where)
        what = f"frozen install of {component.name}{owner}"
        try:
            found = installs(stated.text or "")
        except ShellError as error:
            raise NotObserved(str(error), place) from None
        if not any(one.is_certain for one in found):
            expect.missing(what, expected="an install with the lock file frozen", at=place)
        for one in found:
            expect.that(
                one.is_frozen,
                what,
                observed=one.text,
                expected="an install with the lock file frozen",
                at=place,
            )


@pytest.mark.control("DLV-07")
def test_runtime_meets_the_declared_minimum(
    runtime: BuildSubject, repository: RepositoryView, expect: Expect
) -> None:
    """Read `engines.node` of the manifest; every version that it lets in must be new enough.

    A range that also lets older versions in deviates, though a newer one may be running today.
    """
    path, least = runtime.id, runtime.build.runtime_at_least or ""
    stated = repository.document(path).part("engines", "node")
    origin = repository.origin_of(path).at(stated.where)
    if stated.text is None:
        expect.missing("version of Node.js", expected=f"≥ {least}", at=origin)
        return
    try:
        meets = least_version(stated.text) >= least_version(least)
    except UnknownRangeError as error:
        raise NotObserved(str(error), origin) from None
    expect.that(meets, "version of Node.js", observed=stated.text, expected=f"≥ {least}", at=origin)


@pytest.mark.control("DLV-08")
def test_deploy_script_checks_before_and_after(
    deploy_script: DeployScriptSubject, repository: RepositoryView, expect: Expect
) -> None:
    """Follow the script from its first command through the functions that it calls.

    Every declared step must be a command that each run comes past, before the first or after the
    last deployment. Comments and messages count for nothing, nor do functions that are not called
    and commands whose failure is passed over.
    """
    path, declared = deploy_script.id, deploy_script.script
    origin = repository.origin_of(path)
    try:
        steps = deploy_steps(parse_script(repository.text(path)))
    except ShellError as error:
        raise NotObserved(str(error), origin.at(f"{path}:{error.line}")) from None
    if steps.deploys is None:
        expect.missing("deployment", expected="a command that deploys", at=origin)
        return
    place = origin.at(f"{path}:{steps.deploys}")
    for name, seen, when in (
        *((name, name in steps.before, "before") for name in declared.before),
        *((name, name in steps.after, "after") for name in declared.after),
    ):
        spelled = name.replace("_", " ")
        expect.that(
            seen, f"{spelled} {when}", observed=None, expected=f"looked at {when} it", at=place
        )
