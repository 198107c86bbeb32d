from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from desktop_app.extensions.logs.forms.live import ABOUT, BROUGHT, GROUPS, OWN, addresses, filled, read_live
from desktop_app.extensions.logs.service.live import USUAL
from desktop_app.extensions.logs.sources.feeds import TITLES


def test_each_kind_has_a_form_a_title_and_a_sentence() -> None:
    assert GROUPS.keys() == ABOUT.keys() == USUAL.keys() == TITLES.keys()
    for kind, groups in GROUPS.items():
        offered = {field.key for group in groups for field in group.fields}
        assert USUAL[kind].keys() <= offered, kind


def test_words_become_a_configuration() -> None:
    networks = "10.0.0.0/8\n10.1.1.1\uff0c10.2.0.0/16"
    words = {"name": " Plant ", "bind": "::", "tcp": "1", "port": "5515", "tls_port": "", "silent": "",
             "allow": networks, "zone": "Asia/Shanghai", "secured": OWN, "certificate": "/old.pem"}  # fmt: skip
    form = MultiDict(words)
    name, config, wrong = read_live(form, "syslog")
    assert (name, wrong) == ("Plant", {})
    assert config["allow"] == ["10.0.0.0/8", "10.1.1.1", "10.2.0.0/16"]
    assert (config["tcp"], config["udp"], config["port"], config["tls_port"]) == (True, False, 5515, 6514)
    assert config["silent"] is None, "learned"
    assert config["certificate"] == "", "one that was brought before is left"


@pytest.mark.parametrize("written", ["many", "-1", "1.5", "٣", "9" * 12])
def test_what_is_no_number_is_told_beside_its_field(written: str) -> None:
    _, config, wrong = read_live(MultiDict([("silent", written)]), "journald")
    assert wrong.keys() == {"silent"}
    assert "silent" not in config


def test_a_certificate_that_is_brought_must_be_named() -> None:
    _, _, wrong = read_live(MultiDict([("secured", BROUGHT), ("tls", "1")]), "syslog")
    assert wrong.keys() == {"certificate"}


def test_a_configuration_fills_every_control() -> None:
    shown = filled({"certificate": "/c.pem", "silent": None, "port": 5514})
    assert (shown["secured"], shown["silent"], shown["port"], shown["path"]) == (BROUGHT, "", 5514, "")


def test_addresses_are_those_of_this_computer_and_the_chosen_one() -> None:
    offered = [address for address, _ in addresses({"127.0.0.1": "lo", "10.1.2.3": "eth0"}, "10.9.9.9")]
    assert offered == ["127.0.0.1", "0.0.0.0", "::", "10.1.2.3", "10.9.9.9"]
