"""Which key of a policy held a message back, and why: codes, and the sentences made of them."""

import pytest

from labkit.causes import Mismatch
from labkit.rules.filters import Decision, Failure
from labkit.words.filters import WHY, why_not
from tests.rules.filters.messages import on_attributes, on_body, with_attributes, with_body

ABSENT = [{"exists": False}]
ON_ATTRIBUTES = {
    Mismatch.MISSING: (["x"], {"other": "x"}, ()),
    Mismatch.NOTHING_AT_ALL: (ABSENT, {}, ()),
    Mismatch.IGNORED_TYPE: (["x"], {"key": b"x"}, ()),
    Mismatch.MALFORMED: (["x"], {"key": ("String.Array", "x, y")}, ()),
    Mismatch.EMPTY: ([{"exists": True}], {"key": [None, ""]}, ("null", '""')),
    Mismatch.PRESENT: (ABSENT, {"key": "x"}, ('"x"',)),
    Mismatch.WRONG_TYPE: ([{"numeric": [">", 5]}, 1], {"key": "7"}, ('"7"',)),
    Mismatch.NOT_LISTED: (["x", {"prefix": "y"}], {"key": ["z", 1.5, True]}, ('"z"', "1.5", "true")),
    Mismatch.EXCLUDED: ([{"anything-but": [100, -2.25]}], {"key": -2.25}, ("-2.25",)),
}
ON_BODY = {
    Mismatch.MISSING: (["x"], {"other": "x"}, ()),
    Mismatch.NOTHING_AT_ALL: (ABSENT, {}, ()),
    Mismatch.NOT_JSON: (["x"], "{no JSON}", ()),
    Mismatch.NOT_AN_OBJECT: (["x"], ["x"], ()),
    Mismatch.NO_LEAF: (["x"], {"key": {"inner": "x"}}, ()),
    Mismatch.EMPTY: ([{"exists": True}], {"key": None}, ("null",)),
    Mismatch.WRONG_TYPE: ([{"suffix": "7"}], {"key": 123456789012}, ("123456789012",)),
}


@pytest.mark.parametrize("why", ON_ATTRIBUTES)
def test_why_an_attribute_does_not_match(why):
    rules, attributes, found = ON_ATTRIBUTES[why]
    decision = on_attributes({"key": rules}).decide(with_attributes(**attributes))
    assert decision == Decision(False, ((Failure("key", why, found),),))


@pytest.mark.parametrize("why", ON_BODY)
def test_why_a_property_does_not_match(why):
    rules, body, found = ON_BODY[why]
    decision = on_body({"key": rules}).decide(with_body(body))
    assert decision == Decision(False, ((Failure("key", why, found),),))


def test_every_code_is_shown_and_said():
    assert {*ON_ATTRIBUTES, *ON_BODY} == set(Mismatch) == set(WHY)


def test_a_message_that_passes_has_nothing_failing():
    decision = on_attributes({"key": ["x"]}).decide(with_attributes(key="x"))
    assert decision == Decision(True)
    assert decision.failing == ()


def test_each_failing_key_is_named_by_its_path():
    decision = on_body({"detail": {"scope": ["s"], "type": ["t"]}, "source": ["x"]}).decide(
        with_body({"detail": {"scope": "s"}, "source": "y"})
    )
    assert [(one.key, one.why) for one in decision.failing] == [
        ("detail.type", Mismatch.MISSING),
        ("source", Mismatch.NOT_LISTED),
    ]


def test_with_or_the_way_that_lacked_the_fewest_is_named_and_all_are_told():
    policy = on_attributes({"$or": [{"a": ["1"], "b": ["2"]}, {"c": ["3"]}]})
    decision = policy.decide(with_attributes(other="x"))
    assert [[one.key for one in way] for way in decision.ways] == [["a", "b"], ["c"]]
    assert [one.key for one in decision.failing] == ["c"]


def test_a_sentence_names_key_and_values():
    assert why_not(Mismatch.NOT_LISTED, "price", ["150", "7.5"]) == "price: the policy does not list 150, 7.5"
