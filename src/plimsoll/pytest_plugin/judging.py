"""From a check that ran to its result: fail is a judgment, error is not knowing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pytest

from plimsoll.environment.inventory import Undeclared
from plimsoll.findings import (
    Deviation,
    NonCompliant,
    NotObserved,
    NotTested,
    Origin,
    Result,
    VantageVerdict,
    Verdict,
)
from plimsoll.findings.redaction import mask
from plimsoll.pytest_plugin.assessment import assessment_of
from plimsoll.pytest_plugin.collection import plan, subject_of
from plimsoll.pytest_plugin.distribution import carried
from plimsoll.pytest_plugin.examination import Conclusion, Examination
from plimsoll.pytest_plugin.keys import CONTROL, EXAMINATION

if TYPE_CHECKING:
    from plimsoll.pytest_plugin.assessment import Assessment

CONCLUSION: pytest.StashKey[Conclusion] = pytest.StashKey()
DURATION: pytest.StashKey[float] = pytest.StashKey()
KEYWORDS: pytest.StashKey[dict[str, Literal[1]]] = pytest.StashKey()
MOST_SUMMARIZED = 2


def begin(item: pytest.Item) -> None:
    """Open the examination of a check; skip it where the environment declares no subject."""
    assessment = assessment_of(item.config)
    subject = subject_of(item)
    control = item.stash[CONTROL]
    examination = Examination(
        control,
        subject,
        assessment.environment.model,
        assessment.sightings,
        assessment.required_vantage(control),
    )
    examination.memory = assessment.memory
    item.stash[EXAMINATION] = assessment.examinations[item.nodeid] = examination
    if isinstance(subject, Undeclared):
        item.stash[CONCLUSION] = Conclusion(Verdict.NOT_APPLICABLE, subject.reason, (), ())
        pytest.skip(f"not applicable: {subject.reason}")


def conclude(item: pytest.Item, raised: BaseException | None) -> Conclusion:
    """Return what a check came to, given what its body (or its setup) raised, if anything."""
    examination = item.stash[EXAMINATION]
    if isinstance(raised, NotObserved):
        examination.missed(raised.origin, raised)
    elif isinstance(raised, AssertionError) and not isinstance(raised, NonCompliant):
        _state_assertion(examination, raised)
    elif raised is not None and not isinstance(raised, NonCompliant):
        reason = f"the check itself broke: {type(raised).__name__}: {raised}"
        return Conclusion(Verdict.ERROR, reason, (), ())
    conclusion = examination.conclude()
    if isinstance(raised, NotObserved) and conclusion.verdict is Verdict.PASS:
        verdict = Verdict.NOT_TESTED if isinstance(raised, NotTested) else Verdict.ERROR
        return Conclusion(verdict, str(raised), conclusion.deviations, conclusion.vantage)
    return conclusion


def finish(item: pytest.Item, raised: Exception | None) -> None:
    """Keep what a check came to, and raise what pytest should see of it; nothing for a pass."""
    if CONCLUSION not in item.stash:
        item.stash[CONCLUSION] = conclude(item, raised)
    enforce(item.stash[CONCLUSION])


def is_settled(call: pytest.CallInfo[None]) -> bool:
    """Whether a check was decided while its facts were gathered: it is told as its own outcome.

    A required file that is not there is a failure, not an error of the fixture that looked for it.
    """
    raised = call.excinfo.value if call.excinfo else None
    return call.when == "setup" and isinstance(raised, NonCompliant | NotTested)


def skip_settled(item: pytest.Item) -> bool | None:
    """Stand in for the body of a check that was decided before it; None lets it run."""
    return True if CONCLUSION in item.stash else None


def enforce(conclusion: Conclusion) -> None:
    """Raise what pytest should see for a conclusion; nothing for a pass."""
    if conclusion.verdict is Verdict.FAIL:
        raise NonCompliant(conclusion.deviations)
    if conclusion.verdict is Verdict.NOT_TESTED:
        pytest.skip(f"not tested: {conclusion.reason}")
    if conclusion.verdict is not Verdict.PASS:
        raise NotObserved(conclusion.reason, Origin("", ""))


@dataclass(frozen=True, slots=True)
class Phase:
    """What pytest is told of one phase of a check."""

    outcome: str
    text: object
    waiver: str = ""


def report(item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
    """Return pytest's report of one phase, without traceback; the last one carries the result."""
    raised = call.excinfo.value if call.excinfo else None
    item.stash[DURATION] = item.stash.get(DURATION, 0.0) + call.duration
    _keep_conclusion(item, call.when, raised)
    phase = Phase("passed", None) if is_settled(call) else _phase(item, raised)
    made = pytest.TestReport(
        item.nodeid,
        item.location,
        _keywords(item),
        phase.outcome,  # type: ignore[arg-type]
        phase.text,  # type: ignore[arg-type]
        call.when,  # type: ignore[arg-type]
        (),
        call.duration,
        call.start,
        call.stop,
        item.user_properties,
    )
    if phase.waiver:
        made.wasxfail = phase.waiver
    if call.when == "teardown":
        made.plimsoll = carried(result_of(item), item.config)  # type: ignore[attr-defined]
    return made


def result_of(item: pytest.Item) -> Result:
    """Return the result of a check that has run, masked, with waivers applied."""
    assessment = assessment_of(item.config)
    examination, conclusion = item.stash[EXAMINATION], item.stash[CONCLUSION]
    planned = plan(item)
    verdict = conclusion.verdict
    result = Result(
        control=planned.control,
        subject=planned.subject,
        verdict=verdict,
        raw_verdict=verdict,
        summary=_summary(conclusion, assessment.control(planned.control).title, assessment),
        deviations=tuple(_masked(deviation, assessment) for deviation in conclusion.deviations),
        vantage=tuple(_masked_vantage(seen, assessment) for seen in conclusion.vantage),
        evidence=tuple(examination.evidence),
        procedure=planned.procedure,
        node=planned.node,
        duration_ms=round(item.stash.get(DURATION, 0.0) * 1000, 1),
        required=_is_required(examination, conclusion, assessment),
    )
    return assessment.with_waivers(result)


def _keywords(item: pytest.Item) -> dict[str, Literal[1]]:
    """Return a check's keywords as pytest's reports carry them; gathered once for its phases."""
    if KEYWORDS not in item.stash:
        one: Literal[1] = 1
        item.stash[KEYWORDS] = dict.fromkeys(item.keywords, one)
    return item.stash[KEYWORDS]


def _keep_conclusion(item: pytest.Item, when: str, raised: BaseException | None) -> None:
    known = item.stash.get(CONCLUSION, None)
    if known and (when != "teardown" or raised is None or known.verdict is Verdict.FAIL):
        return
    if when == "teardown" and raised is None:
        reason = "its body was not run as a check: a check is a plain function or method"
        item.stash[CONCLUSION] = Conclusion(Verdict.ERROR, reason, (), ())
    elif isinstance(raised, pytest.skip.Exception):
        item.stash[CONCLUSION] = Conclusion(Verdict.NOT_TESTED, str(raised), (), ())
    elif raised is not None and EXAMINATION in item.stash:
        item.stash[CONCLUSION] = conclude(item, raised)


def _phase(item: pytest.Item, raised: BaseException | None) -> Phase:
    if raised is None:
        return Phase("passed", None)
    if isinstance(raised, pytest.skip.Exception):
        path, line, _ = item.location
        reason = _clean(str(raised), assessment_of(item.config))
        return Phase("skipped", (path, (line or 0) + 1, reason))
    if not isinstance(raised, Exception):
        return Phase("failed", f"{type(raised).__name__}: the run was stopped")
    result = result_of(item)
    text = "\n".join(map(str, result.deviations)) or result.summary
    if result.verdict is Verdict.WAIVED:
        return Phase("skipped", text, f"waiver {result.waiver}")
    return Phase("failed", text)


def _state_assertion(examination: Examination, raised: AssertionError) -> None:
    first = (str(raised) or "an assertion of the check").splitlines()[0]
    sources = list(examination.expect.judged) or ["check"]
    examination.expect.equal("so", "not so", first, at=Origin(sources[0], ""))


def _is_required(examination: Examination, conclusion: Conclusion, assessment: Assessment) -> bool:
    if assessment.control(examination.control).optional:
        return False
    if conclusion.verdict is not Verdict.NOT_TESTED or not examination.was_not_exercised:
        return True
    return bool(examination.exercises & set(assessment.environment.model.exercises))


def _summary(conclusion: Conclusion, title: str, assessment: Assessment) -> str:
    if conclusion.verdict is Verdict.PASS:
        return title
    if conclusion.verdict is not Verdict.FAIL:
        return _clean(conclusion.reason, assessment)
    shown = [
        f"{one.what}: {one.observed}, expected {one.expected}" for one in conclusion.deviations
    ]
    more = len(shown) - MOST_SUMMARIZED
    text = "; ".join(shown[:MOST_SUMMARIZED]) + (f"; and {more} more" if more > 0 else "")
    return _clean(text, assessment)


def _masked(deviation: Deviation, assessment: Assessment) -> Deviation:
    return Deviation(
        _clean(deviation.what, assessment),
        _clean(deviation.observed, assessment),
        _clean(deviation.expected, assessment),
        _clean(deviation.where, assessment),
        deviation.source,
    )


def _masked_vantage(seen: VantageVerdict, assessment: Assessment) -> VantageVerdict:
    reason = None if seen.reason is None else _clean(seen.reason, assessment)
    return VantageVerdict(seen.source, seen.verdict, seen.simulated, reason)


def _clean(text: str, assessment: Assessment) -> str:
    for value in assessment.credentials.values():
        text = text.replace(value, "‹masked›")
    return mask(text)
