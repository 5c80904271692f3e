"""Matching takes no longer for a policy of many values: counted in comparisons, not in seconds."""

import json
from ipaddress import IPv4Address

import pytest

from labkit.rules.filters import FilterPolicy, matching, published
from labkit.rules.filters.grammar import read_policy
from labkit.rules.filters.matching import Rules
from labkit.rules.filters.published import Published


class Counted:
    """What it stands for counts how often it is compared."""

    compared = 0

    def __lt__(self, other):
        Counted.compared += 1
        return super().__lt__(other)

    def __gt__(self, other):
        Counted.compared += 1
        return super().__gt__(other)

    def __eq__(self, other):
        Counted.compared += 1
        return super().__eq__(other)

    __hash__ = None


class Text(Counted, str):
    """A counted string."""

    __hash__ = str.__hash__

    def startswith(self, *beginning):
        Counted.compared += 1
        return super().startswith(*beginning)

    def __getitem__(self, place):
        return Text(super().__getitem__(place))


class Number(Counted, int):
    """A counted number."""

    __hash__ = int.__hash__


def rules(*given):
    (key,) = read_policy(json.dumps({"key": given}), "MessageAttributes").group
    return Rules(key.rules)


MANY = {
    "values": ([f"v{number}" for number in range(150)], Text("v"), Text("v149")),
    "numbers": ([*range(150)], Number(-1), Number(149 * 100_000)),
    "prefixes": ([{"prefix": f"{number:03}"} for number in range(150)], Text("9"), Text("149x")),
    "prefixes of every length": ([{"prefix": "b" + "a" * number} for number in range(150)], Text("c"), Text("baa")),
    "suffixes": ([{"suffix": f"{number:03}"} for number in range(150)], Text("9"), Text("x149")),
    "ranges": (
        [{"numeric": [">", 2 * number, "<", 2 * number + 1]} for number in range(150)],
        Number(0),
        Number(298 * 100_000 + 1),
    ),
    "anything-but values": ([{"anything-but": [f"v{number}" for number in range(5_000)]}], Text("v7"), Text("v")),
    "anything-buts": (
        [{"anything-but": {"prefix": "a" * number}} for number in range(1, 150)],
        Text("a" * 200),
        Text(""),
    ),
}


@pytest.mark.parametrize("what", MANY)
def test_a_hundred_and_fifty_values_take_a_few_comparisons(what):
    given, failing, passing = MANY[what]
    compiled = rules(*given)
    for value, expected in ((failing, False), (passing, True)):
        Counted.compared = 0
        assert compiled.match((value,)) is expected
        assert Counted.compared <= 12


class Address(int):
    """An address that counts how often its first bits are taken."""

    taken = 0

    def __rshift__(self, bits):
        Address.taken += 1
        return int(self) >> bits


@pytest.mark.parametrize(("lengths", "taken"), [([24], 1), ([24, 25, 26], 3)])
def test_networks_of_one_length_are_one_search(monkeypatch, lengths, taken):
    networks = [f"10.0.{number}.0/{lengths[number % len(lengths)]}" for number in range(150)]
    compiled = rules(*({"cidr": network} for network in networks))
    monkeypatch.setattr(matching, "_address", lambda text: (4, 32, Address(int(IPv4Address(text)))))
    Address.taken = 0
    assert not compiled.match(("10.1.0.7",))
    assert Address.taken == taken
    assert compiled.match(("10.0.149.7",))


def test_a_message_is_read_once_for_all_policies(monkeypatch):
    read, texts = published.read, []
    monkeypatch.setattr(published, "read", lambda text: texts.append(text) or read(text))
    message = Published({"key": {"DataType": "String.Array", "StringValue": '["x"]'}}, '{"key": "x"}')
    policies = [FilterPolicy('{"key": ["x"]}', scope) for scope in ("MessageAttributes", "MessageBody") * 50]
    assert all(policy.passes(message) for policy in policies)
    assert sorted(texts) == ['["x"]', '{"key": "x"}']


def test_a_body_is_not_read_for_policies_on_attributes(monkeypatch):
    monkeypatch.setattr(published, "read", lambda text: pytest.fail("read"))
    assert not FilterPolicy('{"key": ["x"]}').passes(Published({}, '{"key": "x"}'))


def test_a_pattern_is_quick_on_any_text():
    """Each part is searched once from where the last one ended: 256 KiB that nearly match, and no way back."""
    compiled = rules({"wildcard": "*a*b*c"})
    assert not compiled.match(("a" * 262_144,))
    assert not compiled.match(("ab" * 131_072,))
