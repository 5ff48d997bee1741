"""What the page about DigitalOcean tells a person to write is right."""

import re
from pathlib import Path

import pytest
import yaml

from plimsoll.environment.model import Account

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "digitalocean.md").read_text()
WORKFLOW = re.compile(r"^```yaml\n# (\.github/\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"^```yaml\n(regions:.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("name", "text"), WORKFLOW.findall(PAGE))
def test_every_workflow_is_complete_and_may_only_read(name, text):
    """It parses, has a trigger and jobs with a limit of time, and grants no more than reading."""
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    assert True in workflow  # `on`, as YAML 1.1 reads it
    for job in workflow["jobs"].values():
        assert job["steps"]
    checks = [
        step["run"]
        for job in workflow["jobs"].values()
        for step in job["steps"]
        if "plimsoll check" in step.get("run", "")
    ]
    assert checks
    assert all("--require-live" in check for check in checks), name


def test_the_example_of_regions_is_a_valid_account():
    """Copied as it stands, the model takes it."""
    (text,) = EXAMPLE.findall(PAGE)
    example = yaml.safe_load(text)
    account = Account.model_validate(example["digitalocean"])
    assert {app.region for app in account.apps} == {one["id"] for one in example["regions"]}


def test_the_page_names_every_scope_that_is_read_with():
    """A scope that the page forgets is one that nobody grants."""
    from plimsoll.collectors.digitalocean_reads import READS

    needed = {read.scope for read in READS.values()}
    assert needed
    assert {scope for scope in needed if f"`{scope}`" not in PAGE} == set()


def test_every_control_the_page_names_is_in_the_catalogue():
    """A table of what a scope shows is worth nothing with controls that do not exist."""
    from plimsoll import resources
    from plimsoll.catalogue import load_catalogue

    named = set(re.findall(r"\b[A-Z]{3}-\d{2}[a-z]?\b", PAGE))
    assert named - load_catalogue([resources.checks()]).keys() == set()
