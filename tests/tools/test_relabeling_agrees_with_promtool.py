"""The labels that targets end up with here are those that Prometheus gives them.

promtool answers which labels each target of a job has once its relabeling is done. Rules are drawn
at random from every action; targets that are dropped have no labels at all.
"""

import json
import os
import random
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
import yaml

from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.exposure.targets import static_targets

JOBS = 30
ACTIONS = (
    "replace",
    "replace",
    "replace",
    "keep",
    "drop",
    "keepequal",
    "dropequal",
    "hashmod",
    "labelmap",
    "labeldrop",
    "labelkeep",
    "lowercase",
    "uppercase",
)
SOURCES = ("__address__", "region", "service", "job", "__param_module", "instance", "copy", "none")
PATTERNS = (
    "(.*)",
    "(.+)",
    "([a-z]+)-(?P<number>[0-9]+):(.*)",
    "web.*",
    "fra1|nyc1",
    "fra",
    "(?:fra|nyc)([0-9])",
    "([^:]+):([0-9]+)",
    ".*;.*",
    "",
    "Web",
)
NAMES = ("region|service", "(reg|serv)(.*)", "__param_(.*)", "copy", ".*", "__.*|job|instance")
REPLACEMENTS = (
    "$1",
    "${1}",
    "$1-x",
    "${1}-x",
    "$1x",
    "$$1",
    "${number}",
    "fixed",
    "",
    "$2:$1",
    "$9",
)
TARGETS = ("copy", "region", "instance", "service", "job", "__address__", "${1}_of", "__tmp")


@pytest.fixture(scope="module")
def promtool():
    """Return the path of promtool; without one the test is skipped, but not in CI."""
    path = shutil.which("promtool")
    if path is None:
        message = "promtool is not installed: apt-get install prometheus"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    return path


def rule(chance):
    """Draw one rule; what Prometheus would refuse is not drawn."""
    action = chance.choice(ACTIONS)
    made = {"action": action}
    if action in ("labeldrop", "labelkeep"):
        return (
            made
            | {"regex": chance.choice(("copy", "service", "region|job"))}
            | ({"regex": "__.*|job|instance|region"} if action == "labelkeep" else {})
        )
    if action == "labelmap":
        return made | {
            "regex": chance.choice(NAMES[:4]),
            "replacement": chance.choice(("$1", "copy")),
        }
    made["source_labels"] = chance.sample(SOURCES, chance.randint(1, 2))
    if action in ("keep", "drop", "replace"):
        made["regex"] = chance.choice(PATTERNS)
    if action == "replace":
        made["replacement"] = chance.choice(REPLACEMENTS)
        if chance.random() < 0.3:
            made["separator"] = chance.choice(("", "-", ";;"))
    if action not in ("keep", "drop"):
        plain = [one for one in TARGETS if "$" not in one]
        made["target_label"] = chance.choice(TARGETS if action == "replace" else plain[:2])
    if action == "hashmod":
        made["modulus"] = chance.randint(1, 9)
    return made


def job(number):
    """Draw a job with targets that differ, and up to four rules."""
    chance = random.Random(number)
    configs = [
        {"targets": [f"web-{index}:80", f"db-{index}:5432"], "labels": labels}
        for index, labels in enumerate(
            (
                {"region": "fra1", "service": "Web"},
                {"region": "nyc1"},
                {"service": "db", "job": "own"},
            )
        )
    ]
    return {
        "job_name": f"job{number}",
        "params": {"module": ["http", "tcp"]},
        "static_configs": configs,
        "relabel_configs": [rule(chance) for _ in range(chance.randint(1, 4))],
    }


def told(promtool, path, name):
    """Return the labels of a job's targets as promtool tells them; dropped targets have none."""
    command = [promtool, "check", "service-discovery", "--timeout=500ms", str(path), name]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return [
        {key: value for key, value in one["labels"].items() if not key.startswith("__")}
        for one in json.loads(answer.stdout)
        if one.get("labels") and not one.get("error")
    ]


@pytest.mark.slow
def test_labels_of_targets_are_those_of_prometheus(promtool, tmp_path):
    """For every random job, target by target."""
    jobs = [job(number) for number in range(JOBS)]
    text = yaml.safe_dump({"scrape_configs": jobs})
    path = tmp_path / "prometheus.yml"
    path.write_text(text)
    ours = static_targets(parse_yaml_document(text, "prometheus.yml"))
    with ThreadPoolExecutor(4) as pool:
        theirs = list(pool.map(lambda one: told(promtool, path, one["job_name"]), jobs))
    assert any(theirs)
    for one, expected in zip(jobs, theirs, strict=True):
        found = [target for target in ours if target.job == one["job_name"]]
        assert not any(target.doubt for target in found), one
        labels = sorted(sorted(target.labels.items()) for target in found)
        assert labels == sorted(sorted(label.items()) for label in expected), one
