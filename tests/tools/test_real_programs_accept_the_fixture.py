"""The programs that read these files in production accept what the mocked world is made of.

They are the reference for our own reading of the formats: what we call valid, they must load, and
what they refuse, we must refuse as well.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from plimsoll.semantics.file_kinds import problems

REPOSITORY = Path(__file__).parents[2] / "fixtures" / "app-oint" / "repository"
PACKAGES = {"promtool": "prometheus", "amtool": "prometheus-alertmanager"}
RULES = "monitoring/alerting-rules.yml"
ALERTMANAGER = "monitoring/alertmanager.yml"
PROMETHEUS = "prometheus.yml"

ACCEPTED = {
    RULES: ("prometheus-rules", ["promtool", "check", "rules"]),
    PROMETHEUS: ("prometheus", ["promtool", "check", "config", "--syntax-only"]),
    ALERTMANAGER: ("alertmanager", ["amtool", "check-config"]),
}
BROKEN = [
    (RULES, "expr: ", "expr: sum( "),
    (RULES, "for: ", "for: 5 minutes # "),
    (RULES, "- alert: ", "- alarm: "),
    (PROMETHEUS, "scrape_interval: ", "scrape_intervall: "),
    (PROMETHEUS, "- job_name: ", "- name: "),
    (PROMETHEUS, "scrape_interval: ", "scrape_interval: every # "),
    (ALERTMANAGER, "receivers:", "receiver_list:"),
    (ALERTMANAGER, "group_wait: ", "group_wait: soon # "),
    (ALERTMANAGER, "  receiver: ", "  receiver: nobody # "),
]


def accepts(command, path):
    """Whether the program that reads this file in production loads it."""
    program = shutil.which(command[0])
    if program is None:
        reason = f"{command[0]} is not installed: apt-get install {PACKAGES[command[0]]}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    done = subprocess.run([program, *command[1:], path], capture_output=True, check=False)
    return done.returncode == 0


@pytest.mark.parametrize("path", ACCEPTED)
def test_both_accept_the_files_of_the_sound_world(path):
    """Compliant by construction, for us and for the program that will load it."""
    kind, command = ACCEPTED[path]
    assert accepts(command, REPOSITORY / path)
    assert problems(kind, (REPOSITORY / path).read_text(), path) == ()


@pytest.mark.parametrize(("path", "old", "new"), BROKEN)
def test_both_refuse_what_is_broken(tmp_path, path, old, new):
    """Whatever the real program refuses, we refuse as well, and say where."""
    kind, command = ACCEPTED[path]
    text = (REPOSITORY / path).read_text()
    assert old in text
    broken = tmp_path / "broken.yml"
    broken.write_text(text.replace(old, new, 1))
    assert not accepts(command, broken)
    found = problems(kind, broken.read_text(), path)
    assert found
    assert all(problem.where.startswith(f"{path}:") for problem in found)
