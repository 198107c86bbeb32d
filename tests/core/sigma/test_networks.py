from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.sigma.checks import check_of
from desktop_app.core.sigma.networks import Networks
from desktop_app.core.sigma.tree import atom

WANTED = ["10.0.0.0/8", "10.1.2.3/32", "0.0.0.0/0", "::1/128", "fe80::/10", "::ffff:10.0.0.0/104", "::/0"]
VALUES = st.one_of(
    st.ip_addresses().map(str), st.sampled_from(["10.1.2.3", "10.9.9.9", "[::1]", "::ffff:10.1.2.3", "x", "", "1.2"])
)


@given(st.lists(VALUES, max_size=12))
def test_many_addresses_lie_where_each_alone_does(values: list[str]) -> None:
    found = dict(Networks(list(enumerate(WANTED))).match(values))
    checks = [check_of(atom("f", "ci", one)) for one in WANTED]
    alone = {
        number: [code for code, one in enumerate(values) if check(one, one)] for number, check in enumerate(checks)
    }
    assert {number: sorted(codes.tolist()) for number, codes in found.items()} == {
        n: one for n, one in alone.items() if one
    }


def test_without_networks_no_value_is_read() -> None:
    assert not list(Networks([]).match(["10.0.0.1"]))
