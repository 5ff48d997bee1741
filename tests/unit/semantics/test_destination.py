"""Addresses that reach somebody are told from those that do not, and neither is disclosed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.findings.redaction import mask
from plimsoll.semantics.destination import email_flaw, hook_flaw, shown_email, shown_hook

SLACK = "https://hooks.slack.com/services"
NO_HOOK = "no address of a Slack webhook"
ADDRESSES = st.text(max_size=40) | st.from_regex(r"[a-z.${}<>-]{0,9}@[a-z.${}-]{0,19}")
HOOKS = st.text(max_size=40) | st.from_regex(
    r"https://hooks\.slack\.com/(services/)?[TBX0$a-z]{0,9}/[TBX0${}-]{0,9}/[\w-]{0,24}"
)


@pytest.mark.parametrize(
    ("address", "flaw"),
    [
        ("operations@app-oint.com", None),
        ("on-call+night@mail.corp.io", None),
        ("‹masked›@app-oint.com", None),
        ("", "empty"),
        ("  ", "empty"),
        ("${ALERT_EMAIL}", "unexpanded variable"),
        ("$ALERT_EMAIL", "unexpanded variable"),
        ("ops@${DOMAIN}", "unexpanded variable"),
        ("{{ .Email }}", "unexpanded variable"),
        ("operations@example.com", "placeholder"),
        ("operations@mail.example.org", "placeholder"),
        ("operations@corp.test", "placeholder"),
        ("your-email@gmail.com", "placeholder"),
        ("changeme@corp.io", "placeholder"),
        ("ops@yourcompany.com", "placeholder"),
        ("operations", "no e-mail address"),
        ("ops@corp", "no e-mail address"),
        ("ops at corp.io", "no e-mail address"),
        ("a@b@corp.io", "no e-mail address"),
        ("https://corp.io/", "no e-mail address"),
    ],
)
def test_an_address_is_usable_or_it_is_said_why_not(address, flaw):
    """Domains set aside for documentation are placeholders; names that contain one are not."""
    assert email_flaw(address) == flaw


@pytest.mark.parametrize(
    ("url", "flaw"),
    [
        (f"{SLACK}/T01AB/B02CD/abcdef123456", None),
        (f"{SLACK}/‹masked›", None),
        ("", "empty"),
        ("${SLACK_WEBHOOK_URL}", "unexpanded variable"),
        (f"{SLACK}/$TOKEN", "unexpanded variable"),
        (f"{SLACK}/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX", "placeholder"),
        (f"{SLACK}/YOUR/SLACK/WEBHOOK", "placeholder"),
        ("<slack-webhook-url>", "placeholder"),
        (f"{SLACK}/T01AB/B02CD", NO_HOOK),
        (f"{SLACK}/T01AB/B02CD/abcdef/more", NO_HOOK),
        ("http://hooks.slack.com/services/T01AB/B02CD/abcdef", NO_HOOK),
        ("https://hooks.slack.com.evil.io/services/T01AB/B02CD/abcdef", NO_HOOK),
        ("https://corp.slack.com/archives/C024BE91L", NO_HOOK),
    ],
)
def test_a_webhook_is_usable_or_it_is_said_why_not(url, flaw):
    """Only the form of Slack's own incoming webhooks takes messages."""
    assert hook_flaw(url) == flaw


@given(ADDRESSES)
def test_what_is_shown_of_an_address_is_judged_as_the_address(address):
    """Evidence leads to the verdict that the answer itself would have led to."""
    shown = shown_email(address)
    assert email_flaw(shown) == email_flaw(address)
    assert shown_email(shown) == shown


@given(HOOKS)
def test_what_is_shown_of_a_webhook_is_judged_as_the_webhook(url):
    """Evidence leads to the verdict that the answer itself would have led to."""
    shown = shown_hook(url)
    assert hook_flaw(shown) == hook_flaw(url)
    assert shown_hook(shown) == shown


@given(st.from_regex(r"[a-z]{12,20}", fullmatch=True))
def test_neither_person_nor_secret_is_shown(secret):
    """The part before the at sign, and the end of a webhook, stay where they were."""
    for shown in (
        shown_email(f"{secret}@corp.io"),
        shown_email(f"{secret} at corp"),
        shown_hook(f"{SLACK}/T01AB/B02CD/{secret}"),
        shown_hook(f"https://{secret}.io/hook"),
    ):
        assert secret not in shown


def test_masking_again_does_not_change_what_is_shown():
    """Reports mask whatever they write; a usable address must stay recognizable."""
    for shown in (shown_email("ops@corp.io"), shown_hook(f"{SLACK}/T01AB/B02CD/abcdef123")):
        assert mask(shown) == shown
