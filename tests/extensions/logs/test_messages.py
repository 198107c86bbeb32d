"""Sentences for Windows events."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.extensions.logs import (
    messages_access,
    messages_application,
    messages_audit,
    messages_security,
    messages_system,
    messages_words,
)
from desktop_app.extensions.logs.messages import Template, describe, message, parse_table, shorten, templates

TABLES = [messages_access, messages_application, messages_audit, messages_security, messages_system]
ENTRIES = [entry for module in TABLES for entry in parse_table(module.TABLE)]
SECURITY = ("Security", "Microsoft-Windows-Security-Auditing")
HAN = re.compile(r"[\u4e00-\u9fff]")


def names(sentence: str) -> set[str]:
    return {name for found in re.findall(r"\{([^{}:]+)", sentence) for name in found.split("|")}


def vocabulary(sentence: str) -> set[str]:
    return set(re.findall(r"\{[^{}:]+:(\w+)\}", sentence))


def test_more_than_150_event_ids_have_a_sentence() -> None:
    assert len({(provider, number) for provider, number, _, _ in ENTRIES}) == len(ENTRIES) >= 150


def test_every_event_has_both_languages_and_they_quote_the_same_values() -> None:
    for provider, number, english, chinese in ENTRIES:
        assert HAN.search(chinese) or provider == "openssh", (provider, number)
        assert not HAN.search(english), (provider, number)
        assert names(english) == names(chinese), (provider, number)
        assert vocabulary(english) == vocabulary(chinese) <= set(messages_words.VOCABULARIES), (provider, number)


def test_chinese_sentences_use_full_width_marks() -> None:
    for provider, number, _, chinese in ENTRIES:
        bare = re.sub(r"\{[^{}]*\}", "", chinese)
        assert not re.search(r"[\u4e00-\u9fff][,:()]|[,()][\u4e00-\u9fff]", bare), (provider, number)


def test_no_sentence_shows_a_brace_or_bracket_of_its_template_whatever_is_missing() -> None:
    for provider, number, english, chinese in ENTRIES:
        for sentence, language in ((english, "en"), (chinese, "zh")):
            full = Template(sentence, language).fill(dict.fromkeys(names(sentence), "value"))
            empty = Template(sentence, language).fill({})
            assert not re.search(r"[{}\[\]|]", full + empty), (provider, number)


@given(st.text(max_size=400))
def test_no_value_breaks_a_sentence(value: str) -> None:
    sentence = message(*SECURITY, 4625, {"TargetUserName": value, "IpAddress": value, "LogonType": value}, "en")
    assert sentence is not None
    assert sentence.startswith("Sign-in failed for ")
    assert "\n" not in sentence
    assert len(sentence) < 700


def test_a_failed_sign_in_is_told_with_account_address_kind_and_reason() -> None:
    fields = {"TargetUserName": "eve", "IpAddress": "10.20.4.17", "LogonType": "3", "SubStatus": "0xC000006A"}
    assert message(*SECURITY, 4625, fields, "en") == (
        "Sign-in failed for eve from 10.20.4.17 (over the network): wrong password"
    )
    assert message(*SECURITY, "4625", fields, "zh_Hans_CN") == "eve 登录失败，来自 10.20.4.17（网络）：密码错误"


def test_what_an_event_does_not_carry_is_left_out() -> None:
    fields = {"TargetUserName": "eve", "IpAddress": "-", "LogonType": "2"}
    assert message(*SECURITY, 4625, fields, "en") == "Sign-in failed for eve (at the keyboard)"


def test_names_are_found_whatever_their_case() -> None:
    assert message(*SECURITY, 4720, {"subjectusername": "a", "TARGETUSERNAME": "b"}, "en") == "a created the account b"


def test_unknown_codes_stay_as_they_are() -> None:
    fields = {"TargetUserName": "eve", "LogonType": "77", "SubStatus": "0xc0ffee"}
    assert message(*SECURITY, 4625, fields, "en") == "Sign-in failed for eve (77): 0xc0ffee"


def test_numbers_of_phrases_are_put_in_words() -> None:
    fields = {"SubjectUserName": "eve", "AuditPolicyChanges": "%%8448, %%8450, %%9999"}
    assert message(*SECURITY, 4719, fields, "en") == (
        "eve changed what is audited: success removed, failure removed, %%9999"
    )


def test_the_same_id_of_another_provider_is_another_event() -> None:
    assert message("System", "Microsoft-Windows-Kernel-General", 1, {}, "en") != message(
        "Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon", 1, {}, "en"
    )
    assert message("System", "Somebody Else", 7045, {}, "en") is None


@pytest.mark.parametrize(
    ("channel", "provider", "number"),
    [
        ("Security", None, 4625),
        ("Security", None, 1102),
        ("Microsoft-Windows-Sysmon/Operational", "", 22),
        ("PowerShellCore/Operational", "PowerShellCore", 4104),
        ("Application", "MSSQL$SQLEXPRESS", 18456),
    ],
)
def test_events_are_found_by_channel_and_by_relatives_of_a_provider(
    channel: str, provider: str | None, number: int
) -> None:
    assert message(channel, provider, number, {}, "en") is not None


def test_an_event_without_a_sentence_shows_its_own_text_or_its_values() -> None:
    fields = {"EventID": "9876", "Provider_Name": "Pump", "Channel": "Application", "Speed": "12", "Tag": "P-3"}
    assert describe(fields, "en") == "EventID 9876 (Pump): Speed=12, Tag=P-3"
    assert describe(fields, "zh") == "EventID 9876 (Pump)：Speed=12，Tag=P-3"
    assert describe({**fields, "RenderedMessage": "Pump P-3 stopped.\r\nMore"}, "en") == "Pump P-3 stopped."
    assert describe({"EventID": "9876"}, "en") == "EventID 9876"


def test_long_and_many_lined_values_become_one_short_line() -> None:
    assert shorten("a\r\n\tb\x00c") == "a b c"
    assert len(shorten("x" * 100_000)) == 200


def test_templates_are_compiled_once_for_each_event_and_language() -> None:
    compiled = templates()
    assert len(compiled) == len(ENTRIES)
    assert all(set(one) == {"en", "zh"} for one in compiled.values())


def test_a_line_that_is_no_entry_is_refused() -> None:
    with pytest.raises(ValueError, match="no entry"):
        list(parse_table("[x]\nno entry\n"))
