"""One Windows event from JSON to flat fields."""

from __future__ import annotations

from typing import Any

from desktop_app.extensions.logs.sources.winflat import Flattener


def flat(event: dict[str, Any]) -> dict[str, str]:
    return Flattener().flatten(event)[0]


def system(**more: Any) -> dict[str, Any]:
    return {"EventID": 1, "Channel": "Application", "Computer": "A", **more}


def test_values_become_the_text_that_rules_expect() -> None:
    data = {"Initiated": True, "Signed": False, "Port": 443, "Access": "0x1fffff", "Empty": "", "None": None, "F": 1.5}
    assert flat({"EventData": data}) == {
        "Initiated": "true", "Signed": "false", "Port": "443", "Access": "0x1fffff", "F": "1.5",
    }  # fmt: skip


def test_hashes_are_kept_whole_and_split() -> None:
    whole = "SHA1=AA,MD5=BB,SHA256=CC,IMPHASH=DD,Level=9"
    assert flat({"EventData": {"Hashes": whole}}) == {
        "Hashes": whole, "SHA1": "AA", "MD5": "BB", "SHA256": "CC", "IMPHASH": "DD",
    }  # fmt: skip


def test_unnamed_data_is_joined_and_numbered() -> None:
    assert flat({"EventData": {"Data": {"#text": ["sa", None, "[CLIENT: 10.0.2.17]"]}}}) == {
        "Data": "sa\nnull\n[CLIENT: 10.0.2.17]", "Data1": "sa", "Data3": "[CLIENT: 10.0.2.17]",
    }  # fmt: skip
    assert flat({"EventData": {"Data": {"#text": "one"}}}) == {"Data": "one", "Data1": "one"}


def test_nested_user_data_gives_its_leaves_and_no_namespaces() -> None:
    cleared = {"#attributes": {"xmlns": "x", "xmlns:auto": "y"}, "SubjectUserName": "eve", "Channel": "System"}
    event = {"System": system(Channel="Security"), "UserData": {"LogFileCleared": cleared}}
    found = flat(event)
    assert (found["Channel"], found["LogFileCleared_Channel"], found["SubjectUserName"]) == (
        "Security",
        "System",
        "eve",
    )
    assert not [name for name in found if "xmlns" in name.lower()]


def test_names_lose_what_is_no_part_of_a_word() -> None:
    assert flat({"EventData": {"Threat Name": "T", "Feature Name": "F", "New-Value": "N"}}) == {
        "ThreatName": "T", "Feature_Name": "F", "NewValue": "N",
    }  # fmt: skip


def test_a_name_given_twice_in_one_event_is_kept_under_its_parents() -> None:
    assert flat({"EventData": {"User": "a", "USER": "b"}}) == {"User": "a", "EventData_USER": "b"}


def test_processes_that_wrote_the_event_do_not_collide_with_those_it_tells_of() -> None:
    execution = {"#attributes": {"ProcessID": 708, "ThreadID": 4}}
    found = flat({"System": system(Execution=execution), "EventData": {"ProcessId": "0x1a4c"}})
    assert (found["Execution_ProcessID"], found["ProcessId"]) == ("708", "0x1a4c")


def test_attributes_are_read_in_both_spellings_of_the_library() -> None:
    found = flat({"System": {"Provider_attributes": {"Name": "P"}, "EventID": {"#text": 7, "#attributes": {}}}})
    assert (found["Provider_Name"], found["EventID"]) == ("P", "7")


def test_depth_is_bounded() -> None:
    deep: dict[str, Any] = {"leaf": 1}
    for _ in range(200):
        deep = {"a": deep}
    assert flat({"UserData": deep})
