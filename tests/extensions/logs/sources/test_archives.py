from __future__ import annotations

import io
import struct
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.errors import SourceUnreadable
from desktop_app.extensions.logs.sources.archives import Member, Refused, Shelf, Tar, Zip, kind_of
from desktop_app.extensions.logs.sources.guard import Limits
from tests.extensions.logs.sources.packing import LINE, special, tarred, zipped
from tests.extensions.logs.sources.reading import utc


def of_zip(data: bytes, limits: Limits | None = None) -> list[Member | Refused]:
    return list(Zip(lambda: io.BytesIO(data), len(data), "a.zip", limits or Limits(), Shelf()).members())


def of_tar(data: bytes, limits: Limits | None = None) -> list[Member | Refused]:
    return list(Tar(lambda: io.BytesIO(data), "a.tar", limits or Limits(), Shelf()).members())


def why(found: Member | Refused) -> str:
    assert isinstance(found, Refused)
    return str(found.error)


def content(found: Member | Refused) -> bytes:
    assert isinstance(found, Member)
    with found.open() as stream:
        return stream.read()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (zipped({"a": b"x"}), "zip"),
        (zipped({}), "zip"),
        (tarred({"a": b"x"}), "tar"),
        (tarred({"a": b"x"}, "gz"), "gz"),
        (tarred({"a": b"x"}, "bz2"), "bz2"),
        (tarred({"a": b"x"}, "xz"), "xz"),
        (LINE, None),
        (b"", None),
        (b"PK", None),
    ],
    # Not the bytes: a packed file tells when it was packed, and every process that collects would name another test.
    ids=["zip", "empty-zip", "tar", "tar-gz", "tar-bz2", "tar-xz", "line", "nothing", "half-a-mark"],
)
def test_archives_are_told_by_their_first_bytes(data: bytes, kind: str | None) -> None:
    assert kind_of(data[:512]) == kind


def test_members_of_a_zip_are_listed_and_read() -> None:
    found = of_zip(zipped({"b/two.log": LINE * 2, "one.log": LINE, "folder/": b""}))
    assert [member.path for member in found] == ["b/two.log", "one.log"]
    assert [content(member) for member in found] == [LINE * 2, LINE]


def test_members_of_a_tar_are_listed_and_read_in_any_order_and_again() -> None:
    found = of_tar(tarred({f"{at}.log": LINE * at for at in range(9)}))
    for at in (5, 1, 8, 5, 0, 2, 2, 7):
        assert content(found[at]) == LINE * at
    assert isinstance(found[0], Member)
    assert found[0].modified == utc(2026, 5, 4, 6, 7, 8)


def test_two_members_of_a_tar_can_be_read_at_the_same_time() -> None:
    found = of_tar(tarred({"a": b"a" * 5000, "b": b"b" * 5000}))
    assert isinstance(found[0], Member)
    assert isinstance(found[1], Member)
    with found[0].open() as first, found[1].open() as second:
        pieces = [(first.read(1000), second.read(1000)) for _ in range(5)]
    assert pieces == [(b"a" * 1000, b"b" * 1000)] * 5


@pytest.mark.parametrize("path", ["/etc/passwd", "../up.log", "a/../../b", "C:/x.log", "\\\\server\\x", "a\\..\\b"])
def test_paths_that_lead_out_of_an_archive_are_refused_and_the_rest_is_read(path: str) -> None:
    for found in (of_zip(zipped({path: b"x", "good.log": LINE})), of_tar(tarred({path: b"x", "good.log": LINE}))):
        assert "leads out of the archive" in why(found[0])
        assert content(found[1]) == LINE


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
def test_links_in_a_tar_are_not_followed(kind: bytes) -> None:
    assert "link" in why(of_tar(tarred({"x": special("x", kind, "/etc/passwd")}))[0])


@pytest.mark.parametrize("kind", [tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE])
def test_devices_in_a_tar_are_refused(kind: bytes) -> None:
    assert "special file" in why(of_tar(tarred({"x": special("x", kind)}))[0])


def test_links_in_a_zip_are_not_followed() -> None:
    info = zipfile.ZipInfo("x")
    info.external_attr = 0o120777 << 16
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert "link" in why(of_zip(made.getvalue())[0])


def test_an_encrypted_member_is_told_and_the_rest_is_read() -> None:
    data = bytearray(zipped({"a.log": LINE, "b.log": LINE}))
    data[data.rfind(b"PK\x01\x02", 0, data.rfind(b"PK\x01\x02")) + 8] |= 1  # the flag of the first one in the directory
    found = of_zip(bytes(data))
    assert "encrypted" in why(found[0])
    assert content(found[1]) == LINE


def test_a_zip_that_unpacks_out_of_proportion_is_refused_before_it_is_read() -> None:
    assert "out of proportion" in why(of_zip(zipped({"a": bytes(1 << 20)}), Limits(free=1000, ratio=50))[0])


def test_a_zip_that_lies_about_its_sizes_is_stopped_while_it_is_read() -> None:
    data = bytearray(zipped({"a": bytes(1 << 20)}))
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 100)
    (found,) = of_zip(bytes(data), Limits(free=1000, ratio=50))
    with pytest.raises(SourceUnreadable):
        content(found)


def test_a_zip_with_too_many_members_is_refused_before_their_names_are_loaded() -> None:
    data = bytearray(zipped({"a": b"x"}))
    struct.pack_into("<H", data, data.rfind(b"PK\x05\x06") + 10, 60_000)
    assert "more than" in why(of_zip(bytes(data), Limits(members=50_000))[0])


def test_a_tar_with_too_many_members_says_so_after_those_it_read() -> None:
    found = of_tar(tarred({f"{at}": b"x" for at in range(5)}), Limits(members=3))
    assert [isinstance(one, Member) for one in found] == [True, True, True, False]


def test_a_tar_that_is_cut_off_gives_the_members_before_the_cut() -> None:
    found = of_tar(tarred({"a": LINE * 100, "b": LINE * 1000})[:6000])
    assert content(found[0]) == LINE * 100
    with pytest.raises(SourceUnreadable, match="ends in the middle"):
        content(found[1])


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x05\x06", b"PK\x05\x06" + bytes(18), zipped({"a": LINE})[:-5]])
def test_a_broken_zip_is_a_sentence_or_empty(data: bytes) -> None:
    assert all(isinstance(found, Refused) for found in of_zip(data))


def test_a_damaged_member_costs_no_other() -> None:
    data = bytearray(zipped({"a.log": LINE * 50, "b.log": LINE}))
    data[40:50] = b"\xff" * 10
    first, second = of_zip(bytes(data))
    with pytest.raises(SourceUnreadable):
        content(first)
    assert content(second) == LINE


@given(st.binary(max_size=600), st.integers(0, 600))
def test_no_bytes_in_an_archive_raise_anything_but_sentences(noise: bytes, at: int) -> None:
    for data, listing in ((zipped({"a": LINE, "b": LINE * 9}), of_zip), (tarred({"a": LINE, "b": LINE * 9}), of_tar)):
        for found in listing(data[:at] + noise + data[at + len(noise) :]):
            try:
                if isinstance(found, Member):
                    content(found)
            except SourceUnreadable as error:
                assert str(error)  # noqa: PT017 - an error is allowed, not required


def test_a_member_without_a_name_is_passed_over() -> None:
    nameless = zipped({"aa": b"x", "b": b"y"}).replace(b"aa", b"\x00a")
    assert [content(one) for one in of_zip(nameless)] == [b"y"]
