"""What becomes of a failing command, told from the text and shown by a real shell."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plimsoll.facts.script import Answer
from plimsoll.semantics.shell.exit_status import failure_reaches_exit
from plimsoll.semantics.shell.script import parse_script

if TYPE_CHECKING:
    from pathlib import Path

REACHES = [
    "k6 run a",
    "if command -v k6; then k6 run a; else echo missing; exit 1; fi",
    "fail() { echo $1; exit 1; }\nif command -v k6; then k6 run a; else fail missing; fi",
    "if [ $# -eq 0 ]; then k6 run a; fi",
    'case "${1:-load}" in load) k6 run a ;; *) echo "usage: $0 load" ;; esac',
    'main() { if [ "${1:-x}" = x ]; then k6 run a; fi; }\nmain "$@"',
    'if [ "$1" = no ]; then echo no; elif [ "$2" = no ]; then echo no; else k6 run a; fi',
    "set -e\nk6 run a\necho done",
    "set -euo pipefail\nk6 run a | cat\necho done",
    "k6 run a | cat\nstatus=${PIPESTATUS[0]}\nexit $status",
    "k6 run a\nstatus=$?\necho done\nexit $status",
    "k6 run a\nstatus=$?\nif [ $status -ne 0 ]; then echo bad; exit 1; fi",
    "k6 run a\nstatus=$?\nif [ $status -eq 0 ]; then echo ok; else echo bad; exit $status; fi",
    'status=0\nk6 run a || status=$?\necho report\nexit "$status"',
    "if ! k6 run a; then echo bad; exit 1; fi\necho done",
    "if k6 run a; then echo ok; else exit 2; fi",
    "k6 run a || { echo bad; exit 3; }\necho done",
    'die() { echo "$1"; exit 1; }\nk6 run a || die bad\necho done',
    "run() { k6 run a; }\nset -e\nrun\necho done",
    "run() { if ! k6 run a; then return 1; fi; }\nrun || exit 1\necho done",
    'k6 run a || failed=true\nif [ "$failed" = true ]; then exit 1; fi',
    "set -e\n(k6 run a)\necho done",
    "timeout 5 k6 run a && echo ok",
    "k6 run a\n# noticed below\ndeclare status=$?\nexit $status",
    "k6 run a\nif [ $? -ne 0 ]; then exit 1; fi",
    "k6 run a\n[ $? -eq 0 ] || exit 1",
    "status=0\nk6 run a || status=$?\n[[ $status -ne 0 || -s /etc/passwd ]] || status=1\nexit $status",
    "set -eo pipefail\nmain() { k6 run a; }\nmain | cat\necho done",
    "set -e\nrun() { k6 run a; echo done; }\n(run)\necho done",
    "set -e\nrun() (k6 run a; echo done)\nrun\necho done",
    'set -e\nout="$(k6 run a)"\necho "$out"',
    "set -e\n(cd /; k6 run a)\necho done",
    "init() { set -euo pipefail; }\ninit\nk6 run a\necho done",
    "set -e -- +e\nk6 run a\necho done",
    "shopt -s inherit_errexit\nset -e\nx=$(k6 run a; echo in)\necho done",
    "status=0\nfor r in a b; do k6 run $r || status=$?; done\nexit $status",
    "status=0\nk6 run a || { status=$?; echo bad; }\nexit $status",
    "if k6 run a; then :; else status=$?; fi\nexit $status",
    "set -e\nset +e\nk6 run a\nstatus=$?\nset -e\nexit $status",
    "k6 run a | cat >/dev/null\nexit ${PIPESTATUS[0]}",
    "set -o pipefail\nk6 run a | cat\nstatus=${PIPESTATUS[0]}\nexit $status",
    "k6 run a\nif [ ! $? -eq 0 ]; then exit 1; fi\necho ok",
    "k6 run a\nif ! [ $? -eq 0 ]; then exit 1; fi\necho ok",
    "k6 run a\nif [[ $? != 0 ]]; then exit 1; fi",
    "k6 run a\nif (( $? != 0 )); then exit 1; fi",
    "k6 run a\nstatus=$?\nif (( status )); then exit 1; fi",
    "k6 run a\nstatus=$?\ncheck() { exit $status; }\ncheck",
    "k6 run a\nstatus=$?\ncheck() { exit $status; }\n(check)",
    "k6 run a\nstatus=$?\ncommand -v cat >/dev/null || exit 1\nexit $status",
    "trap 'echo bye' EXIT\ntrap 'exit 0' INT TERM\nset -e\nk6 run a\necho done",
    "status=0\nrun() { k6 run a || status=$?; }\nmain() { run; }\nmain\nexit $status",
    "log() { local rc=0; echo $rc; }\nrc=0\nk6 run a || rc=$?\nlog\nexit $rc",
    "log() { read -r line; echo $line; }\nrc=0\nk6 run a || rc=$?\nlog </dev/null\nexit $rc",
    "rc=0\nk6 run a || rc=$?\necho 0 | read -r rc\nexit $rc",
    "rc=0\nk6 run a || rc=$?\n(unset rc)\nexit $rc",
    "rc=0\nk6 run a || rc=$?\nexec 3>&1\nexit $rc",
    "keep() { rc=0; }\ntrap keep EXIT\nrc=0\nk6 run a || rc=$?\nexit $rc",
    "exec k6 run a\necho done",
    'if [ "$1" = --help ]; then echo usage; exit 0; fi\nk6 run a',
    'for one in "$@"; do case $one in -h) exit 0 ;; esac; done\nk6 run a',
    "main() { cd / || return; k6 run a; }\nmain",
    "for i in 1; do [ $i = 2 ] && continue; k6 run a || exit 1; done",
    "k6 run a\nrc=$?\ncheck() { if [ $rc -ne 0 ]; then exit 1; fi; return 0; }\ncheck",
]
SWALLOWED = [
    "k6 run a\necho done",
    "k6 run a || true",
    "set -e\nk6 run a || echo bad\necho done",
    "set -e\nk6 run a | cat\necho done",
    "set -e\nset +e\nk6 run a\nset -e\necho done",
    "if k6 run a; then echo ok; else echo bad; fi\necho done",
    "k6 run a; exit 0",
    "! k6 run a",
    "set -e\nrun() { k6 run a; echo; }\nif run; then :; else exit 1; fi",
    "set -e\nrun() { local x=$(k6 run a); }\nrun",
    "k6 run a\nstatus=$?\necho $status",
    "k6 run a || failed=1\necho done",
    "k6 run a || exit 0",
    "echo $(k6 run a)",
    "k6 run a\nstatus=$?\nexit 0\nexit $status",
    "set -e\nrun() { k6 run a; }\nrun | cat",
    "run() { k6 run a || exit 1; }\nrun | cat",
    "run() { k6 run a || exit 1; }\n(run) || true",
    'set -e\nrun() { k6 run a; }\necho "$(run)"',
    "(set -e; true)\nk6 run a\necho done",
    "(set -o pipefail; true)\nk6 run a | cat",
    'set -- "$@" -e BASE=x\nk6 run a\necho done',
    "off() { set +e; }\nset -e\noff\nk6 run a\necho done",
    "set -e\nx=$(k6 run a; echo in)\necho done",
    "run() { return 0; k6 run a; }\nrun",
    "run() { k6 run a; }\nmain() { echo; return; run; }\nset -e\nmain",
    "end() { exit 0; }\nend\nk6 run a",
    "if true; then exit 0; k6 run a || exit 1; fi",
    "for i in 1 2; do continue; k6 run a || exit 1; done",
    "(exec k6 run a)\necho done",
]
UNCLEAR = [
    "k6 run a &\nwait",
    "while true; do k6 run a; done",
    "trap 'exit 0' EXIT\nk6 run a",
    "k6 run a\nstatus=$?\nif [ $status -eq 99 ]; then exit 1; fi",
    'if ! k6 run a; then if [ "$STRICT" ]; then exit 1; fi; fi',
    "set -e\ncat list | while read -r f; do k6 run $f; done",
    "k6 run a || return 1",
    "if ! k6 run a; then x; fi",
    "if k6 run a; then x; elif y; then exit 1; fi",
    "f() { k6 run a; }",
    "(k6 run a || exit 1)\necho done",
    "k6 run a || exit $OTHER",
    "k6 run a\nif [ $? -ne 0 ] && [ x ]; then exit 1; fi",
    "k6 run a\nstatus=$?\nif [ x ]; then exit $status; fi",
    "k6 run a\nstatus=$?\nrecord $status",
    "end() { exit $status; }\nk6 run a\nstatus=$?\nend\nexit 0",
    "k6 run a\nstatus=$?\nif [ x ]; then exit 0; fi\nexit $status",
    "k6 run a\nstatus=$?\nstatus=0\nexit $status",
    "set -e\n{ k6 run a; echo done; } &\nwait",
    "set -e\nrun() { k6 run a; }\nrun a &\nrun b &\nwait",
    "run() { k6 run a || exit 1; }\nrun &\nwait",
    "run() { k6 run a || exit 1; run; }",
    "k6 run a\nstatus=$?\nk6 run b\nstatus=$?\nexit $status",
    "for r in a b; do k6 run $r; status=$?; done\nexit $status",
    "for r in a b; do status=0; k6 run $r || status=1; done\nexit $status",
    "run() { k6 run $1; status=$?; }\nrun a\nrun b\nexit $status",
    "run() { k6 run a || status=1; }\nexit $status",
    "(k6 run a || failed=1)\nexit $failed",
    "for r in a b; do k6 run $r || failed=1; done | cat\nexit $failed",
    "run() { k6 run a || failed=1; }\nrun | cat\nexit $failed",
    "status=0\nrun() { local status; k6 run a || status=$?; }\nrun\nexit $status",
    "k6 run a | cat\nstatus=${PIPESTATUS[1]}\nexit $status",
    "k6 run a\nstatus=$(( $? == 99 ? 0 : 1 ))\nexit $status",
    "k6 run a\nstatus=$?\nif [ $status -ne 0 -a $status -ne 99 ]; then exit 1; fi",
    "k6 run a\nstatus=$?\nif [ $status -eq 0 ]; then :; elif [ x ]; then exit 1; fi",
    "k6 run a\ncase $? in 0) ;; 99) echo ;; *) exit $? ;; esac",
    "k6 run a\nstatus=$?\ncheck() { exit $status; }\n(check)\necho done",
    "k6 run a\nstatus=$?\ncheck() { if [ $status -ne 0 ]; then exit 1; fi; }\necho done",
    "end() { exit 0; }\nk6 run a\nstatus=$?\nend\nexit $status",
    "k6 run a\nstatus=$?\ncase $status in 0) ;; *) exit 1 ;; esac\necho done",
    "k6 run a || failed=1\n[ $failed -eq 0 ]",
    "k6 run a\nlocal status=$?\nexit $status",
    "if [ x ]; then k6 run a || status=1; else exit $status; fi",
    "if ! k6 run a; then exit $?; fi",
    "k6 run a\nif [ $? -ne 0 ]; then exit $?; fi",
    "k6 run a || { [ x ]; exit $?; }",
    "die() { echo; exit $?; }\nk6 run a || die",
    'die() { [ "$QUIET" ] && return; exit 1; }\nk6 run a || die',
    'if [ "$STRICT" ]; then set -e; fi\nk6 run a\necho done',
    '[ "$STRICT" ] && set -e\nk6 run a\necho done',
    'if [ "$STRICT" ]; then set -o pipefail; fi\nk6 run a | cat',
    "set -e\nset -$OLD\nk6 run a\necho done",
    "trap 'true;exit 0' EXIT\nk6 run a",
    "trap -- 'exit 0' EXIT\nk6 run a",
    "trap 'if' EXIT\nk6 run a",
    'trap "$END" EXIT\nk6 run a',
    "end() { exit 0; }\nclean() { clean; end; }\ntrap clean EXIT\nset -e\nk6 run a",
]
REWRITTEN = [
    "unset rc",
    "unset -v other rc",
    'unset "$NAME"',
    "read -r rc <<<0",
    "while read -r rc; do :; done </dev/null",
    "printf -v rc 0",
    "mapfile rc </dev/null",
    "for rc in 0; do :; done",
    "for ((rc = 0; rc < 0; rc++)); do :; done",
    "((rc = 0))",
    "let rc=0",
    "echo $((rc -= rc))",
    "eval rc=0",
    ". /dev/null; unset rc",
    "command eval rc=0",
    "rc[0]=0",
    "declare -n other=rc; other=0",
    "forget",
    "forget_all",
    "shopt -s lastpipe; echo 0 | read rc",
    "trap 'rc=0' USR1; kill -USR1 $$",
    "exec true",
]
"""What makes a script forget the status that a variable holds."""
LEFT_BEFORE = [
    "k6 run a; rc=$?\ncheck() { return 0; exit $rc; }\ncheck",
    'k6 run a; rc=$?\ncheck() { [ "$STRICT" ] || return 0; exit $rc; }\ncheck',
    'k6 run a; rc=$?\ncheck() { if [ -z "$STRICT" ]; then return 1; fi; exit $rc; }\ncheck\necho',
    "k6 run a\nlocal rc=$?\ncheck() { exit $rc; }\ncheck",
    "run() { k6 run a || rc=$?; }\nmain() { local rc; run; }\nmain\nexit $rc",
    "run() { k6 run a || rc=$?; }\nmain() { run; unset rc; }\nmain\nexit $rc",
    'die() { [ -z "$STRICT" ] && return 1; exit 1; }\nk6 run a || die\necho done',
    'quit() { exit 0; }\nk6 run a || { [ -z "$STRICT" ] && quit; exit 1; }',
    "quit() { exit 0; }\nmay() { if true; then quit; fi; }\nk6 run a || { may; exit 1; }",
    "k6 run a || { exec true; exit 1; }",
    "exit() { :; }\nk6 run a || exit 1\necho done",
    "k6() { :; }\nk6 run a",
    'run() { [ -z "$STRICT" ] && return 0; k6 run a; }\nrun',
    'if [ -z "$STRICT" ]; then exit 0; fi\nk6 run a',
    'if [ -n "$STRICT" ]; then k6 run a; fi',
    'if [ -z "$STRICT" ]; then echo later; else k6 run a; fi',
    'if [ -n "$STRICT" ]; then k6 run a; elif [ -n "$WEAK" ]; then exit 1; else exit 0; fi',
    'case "$STRICT" in yes) k6 run a ;; *) echo later ;; esac',
    'case "$STRICT" in yes) k6 run a ;; esac',
    'run() { k6 run a; }\nif [ -n "$STRICT" ]; then run; fi',
    'run() { if [ -n "$STRICT" ]; then k6 run a; fi; }\nrun',
    'if [ -n "$STRICT" ]; then echo "$1"; k6 run a; fi',
    'run() { if [ "$1" = prod ]; then k6 run a; fi; }\nrun dev',
    'run() { if [ "$1" = prod ]; then k6 run a; fi; }\nall() { run "$1"; }\nall dev',
    'if [ -z "$STRICT" ]; then echo "$1"; exit 0; fi\nk6 run a',
]
"""What looks as if it kept a failure, and lets it go in these runs."""


def answer(text: str) -> Answer:
    """Tell whether a failure of the only `k6` reaches the exit status."""
    script = parse_script(text)
    command = next(c for c in script.commands if "k6" in c.words)
    return failure_reaches_exit(script, command).answer


def exit_status(text: str, directory: Path, k6_status: int) -> int:
    """Run a script with a `k6` that ends as told; return the script's status."""
    program = directory / "k6"
    program.write_text(f"#!/bin/sh\nexit {k6_status}\n")
    program.chmod(0o755)
    environment = {"PATH": f"{directory}:{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "-c", text],
        env=environment,
        capture_output=True,
        check=False,
        timeout=20,
    ).returncode


@pytest.mark.parametrize("text", REACHES)
def test_a_failure_that_ends_the_script_is_seen(text: str, tmp_path: Path) -> None:
    """The reader says yes, and bash agrees."""
    assert answer(text) is Answer.YES
    assert exit_status(text, tmp_path, 99) != 0
    assert exit_status(text, tmp_path, 0) == 0


@pytest.mark.parametrize("text", SWALLOWED)
def test_a_failure_that_is_swallowed_is_seen(text: str, tmp_path: Path) -> None:
    """The reader says no, and in bash the failure indeed makes no script fail."""
    assert answer(text) is Answer.NO
    assert exit_status(text, tmp_path, 99) == 0


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_the_reader_does_not_follow_is_unknown(text: str) -> None:
    """Unknown is neither yes nor no."""
    assert answer(text) is Answer.UNKNOWN


@pytest.mark.parametrize("between", REWRITTEN)
def test_a_status_that_is_forgotten_is_not_taken_for_kept(between: str, tmp_path: Path) -> None:
    """bash ends with success; whatever forgets the status, the answer is no yes."""
    functions = "forget() { rc=0; }\nforget_all() { forget; }\n"
    text = f"{functions}k6 run a\nrc=$?\n{between}\nexit $rc"
    assert answer(text) is Answer.UNKNOWN
    if "$NAME" not in between:
        assert exit_status(text, tmp_path, 99) == 0


@pytest.mark.parametrize("text", LEFT_BEFORE)
def test_what_lets_a_failure_go_in_some_runs_is_unknown(text: str, tmp_path: Path) -> None:
    """This run shows that the failure can end as success."""
    assert answer(text) is Answer.UNKNOWN
    assert exit_status(text, tmp_path, 99) == 0


RUNS = st.sampled_from(
    [
        "k6 run a",
        "k6 run a | cat",
        "k6 run a || true",
        "k6 run a && echo ok",
        "k6 run a || exit 4",
        "! k6 run a",
        "x=$(k6 run a)",
        "if k6 run a; then echo ok; fi",
        "if ! k6 run a; then failed=1; fi",
        "if k6 run a; then :; else exit 5; fi",
        "k6 run a || failed=1",
        "k6 run a\nfailed=$?",
        "{ k6 run a; }",
        "(k6 run a)",
        "(k6 run a; echo ok)",
        "{ k6 run a; echo ok; } || exit 6",
        "case x in x) k6 run a ;; esac",
        "(k6 run a || failed=1)",
        "k6 run a | cat\nfailed=${PIPESTATUS[0]}",
        "k6 run a | cat\nfailed=${PIPESTATUS[1]}",
        "for i in 1 2; do k6 run a; failed=$?; done",
        "for i in 1 2; do k6 run a || failed=$?; done",
        "if ! k6 run a; then exit $?; fi",
    ]
)
BEFORE = st.sampled_from(
    [
        "",
        "set -e",
        "set -o pipefail",
        "set -eo pipefail",
        "failed=0",
        "(set -e)",
        "if false; then set -e; fi",
        "off() { set +e; }\nset -e\noff",
        "trap 'true;exit 0' EXIT",
        "clear() { failed=0; }",
        "clear() { unset failed; }",
        "clear() { local failed=0; }",
    ]
)
AFTER = st.sampled_from(
    [
        "",
        "echo done",
        "exit $failed",
        "exit 0",
        '[ "$failed" -eq 0 ] || exit 7',
        'if [ "$failed" -ne 0 ]; then exit 8; fi',
        "exit $?",
        "failed=0",
        "unset failed",
        "clear",
        "read -r failed <<<0",
        "check() { return 0; exit $failed; }\ncheck",
        '[ "$failed" -eq 0 ] || { clear; exit $failed; }',
    ]
)
WRAPPED = st.sampled_from(
    [
        "{run}",
        "f() {{\n{run}\n}}\nf",
        "f() {{\n{run}\necho in\n}}\nf",
        "f() {{\n{run}\n}}\nf || true",
        "f() {{\n{run}\n}}\nif f; then echo ok; else exit 9; fi",
        "if true; then\n{run}\nfi",
        "f() {{\n{run}\n}}\nf | cat",
        "f() {{\n{run}\n}}\nf &\nwait",
        'f() {{\n{run}\n}}\necho "$(f)"',
        "f() {{\nlocal failed\n{run}\n}}\nf",
        "f() {{\nreturn 0\n{run}\n}}\nf",
        "f() {{\n[ -d /tmp ] && return\n{run}\n}}\nf",
        "f() {{\n{run}\n}}\ng() {{\nlocal failed\nf\n}}\ng",
    ]
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.tuples(BEFORE, RUNS, WRAPPED, AFTER, AFTER))
def test_certain_answers_agree_with_the_shell(tmp_path: Path, parts: tuple[str, ...]) -> None:
    """A yes means that bash fails with the command; a no, that it ends as if nothing had failed."""
    before, run, wrapped, after, last = parts
    text = "\n".join((before, wrapped.format(run=run), after, last))
    told = answer(text)
    failed = exit_status(text, tmp_path, 99)
    if told is Answer.YES:
        assert failed != 0, text
    if told is Answer.NO and exit_status(text, tmp_path, 0) == 0:
        assert failed == 0, text
