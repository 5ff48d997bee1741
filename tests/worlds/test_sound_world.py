"""Every mocked system is compliant by construction, and its run is recorded completely."""

import hashlib
import json

OPTIONAL = {"LOD-06", "ALR-09"}
LEAST_RESULTS = 60


def test_every_required_control_passes(each_sound):
    """Whatever applies and is required passes; nothing else than an optional tool is unknown."""
    assert each_sound.status == 0, each_sound.out + each_sound.err
    assert each_sound.controls_with("fail", "error", "manual", "waived") == set()
    assert each_sound.controls_with("not_tested") <= OPTIONAL


def test_the_decision_says_that_it_was_simulated(each_sound):
    """A rehearsal is named one, on the terminal and in the record."""
    assert each_sound.out.splitlines()[-2] == "ready (simulated)"
    assert each_sound.document["decision"]["simulated"] is True
    assert each_sound.document["run"]["mode"] == "mock"


def test_everything_planned_is_recorded(each_sound):
    """No check is lost on the way."""
    counts = each_sound.document["counts"]
    assert (
        counts["planned"]
        == counts["recorded"]
        == len(each_sound.document["results"])
        > LEAST_RESULTS
    )


def test_every_vantage_point_says_that_it_was_simulated(each_sound):
    """Simulated is a property of each piece of evidence."""
    vantage = [seen for one in each_sound.document["results"] for seen in one["vantage"]]
    simulated = [seen["simulated"] for seen in vantage if seen["verdict"] == "pass"]
    assert vantage
    assert all(simulated)


def test_every_result_stands_on_evidence_that_is_there_and_unchanged(each_sound):
    """Digests in the record are those of the files."""
    for one in each_sound.document["results"]:
        if one["verdict"] == "pass":
            assert one["evidence"], one["node"]
        for piece in one["evidence"]:
            content = (each_sound.folder / piece["path"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == piece["sha256"]


def test_the_manifest_covers_every_file(each_sound):
    """Whoever changes a byte can be found out."""
    manifest = json.loads((each_sound.folder / "MANIFEST.json").read_text())
    listed = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    found = {
        path.relative_to(each_sound.folder).as_posix(): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for path in each_sound.folder.rglob("*")
        if path.is_file() and path.name != "MANIFEST.json"
    }
    assert listed == found
    assert {"report.html", "report.md", "engineer.html", "junit.xml", "metrics.prom"} <= set(found)


def test_all_rows_of_the_earlier_report_have_their_control_and_appear_by_name(sound):
    """The twenty-nine rows of the report this one replaces."""
    rows = sound.document["named_requirements"]
    markdown = (sound.folder / "report.md").read_text()
    assert len(rows) == 29
    assert all(row["verdict"] in {"pass", "not_tested"} and row["subjects"] for row in rows)
    assert [row["name"] for row in rows if row["name"] not in markdown] == []


def test_latest_points_to_the_newest_run(sound):
    """A person finds the last report without knowing the time."""
    assert (sound.folder.parent / "latest").resolve() == sound.folder.resolve()
