"""What was rehearsed is found by the alert it was staged for."""

from plimsoll.facts.rehearsal import Delivery, Rehearsal, RehearsalProbe, Staging

SLACK = Delivery("Down", "critical", "night", "slack", ("#ops",), 2.0, 120.0, 1.0, True, False)


def test_arrivals_are_told_by_severity_channel_and_address():
    """An address counts where one is asked for."""
    staging = Staging("down", "targets are down", delivered=(SLACK,))
    assert staging.arrivals("critical", "slack", "#ops") == (SLACK,)
    assert staging.arrivals("critical", "slack", None) == (SLACK,)
    assert staging.arrivals("critical", "slack", "#dev") == ()
    assert staging.arrivals("critical", "email", None) == ()
    assert staging.arrivals("warning", "slack", None) == ()


def test_a_staging_is_found_by_its_alert():
    """None is found for what was not staged."""
    staging = Staging("down", "targets are down")
    whole = Rehearsal("2", "0", 60.0, (), (), 1, (), (staging,))
    assert whole.of("down") == staging
    assert whole.of("slow") is None


def test_a_probe_names_its_files_and_what_it_reads():
    """The templates of messages may stand anywhere."""
    probe = RehearsalProbe(("rules.yml",), "am.yml", "", "{}")
    assert str(probe) == "rules.yml with am.yml"
    assert probe.paths == ("rules.yml", "am.yml", "**/*.tmpl")
    assert probe.exercise == "alerting"
