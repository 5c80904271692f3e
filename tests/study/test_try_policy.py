"""A filter policy that is typed and tried: what passes, which key fails, and AWS's refusal."""

import pytest

from labkit import LabError, try_policy
from labkit.study.form.widget import PolicyForm

MESSAGES = {
    "dear": {"Message": "1", "MessageAttributes": {"price": {"DataType": "Number", "StringValue": "4800"}}},
    "text": {"Message": "2", "MessageAttributes": {"price": {"DataType": "String", "StringValue": "4800"}}},
    "body": {"Message": '{"price": 4800}'},
}
POLICY = {"price": [{"numeric": [">=", 1000]}]}


def test_the_words_name_the_key_that_fails_and_why():
    """One row a message."""
    assert try_policy(MESSAGES, POLICY).plain().splitlines() == [
        "A filter policy on MessageAttributes",
        '    {"price": [{"numeric": [">=", 1000]}]}',
        "  message  passes  why not",
        "  dear     yes",
        '  text     no      price: the policy lists no value of the type of "4800"',
        "  body     no      price: the message has none",
        "1 of 3 messages pass.",
    ]


def test_the_other_scope_looks_into_the_body():
    """The same policy, mirrored."""
    tried = try_policy(MESSAGES, POLICY, scope="MessageBody")
    assert [not why for why in tried.answer(tried.policy, tried.scope)["why"]] == [False, False, True]


@pytest.mark.parametrize("policy", ["", "{}", " "])
def test_no_policy_lets_all_pass(policy):
    assert try_policy(MESSAGES, policy).answer(policy, "MessageAttributes")["why"] == ["", "", ""]


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ('{"price": [', "failed to parse JSON"),
        ('{"price": 4800}', '"price" must be an object or an array'),
        ('{"price": [{"above": 1}]}', "Unrecognized match type above"),
        ('{"a": {"b": ["c"]}}', "does not support nested filter policy"),
        ("[]", "Filter is not an object"),
    ],
)
def test_a_broken_policy_shows_what_aws_says(policy, said):
    """The refusal stands in place of the table, in the words and in the live form."""
    tried = try_policy(MESSAGES, policy)
    assert said in tried.plain()
    assert "InvalidParameter" in tried.plain()
    answer = tried.answer(policy, "MessageAttributes")
    assert (answer["why"], answer["count"]) == ([], "")


def test_what_is_typed_into_the_form_is_answered(monkeypatch):
    """A change comes as a message, and the answer goes back as a trait: to the table, or as a refusal."""
    made = []
    monkeypatch.setattr("labkit.study.form.has_kernel", lambda: True)
    monkeypatch.setattr("labkit.study.form._view", lambda widget: made.append(widget) or {})
    try_policy(MESSAGES, POLICY).live()
    (form,) = made
    assert isinstance(form, PolicyForm)
    assert form.answer["why"][0] == ""
    assert form.messages[0] == ["dear", "price = 4800 (Number)\nbody: 1"]
    form._handle_custom_msg({"policy": '{"price": [20]}', "scope": "MessageBody"}, [])
    assert form.answer["why"] == ["price: the message body isn't a JSON object"] * 2 + [
        "price: the policy does not list 4800"
    ]
    form._handle_custom_msg({"policy": "{", "scope": "MessageBody"}, [])
    assert "failed to parse JSON" in form.answer["refused"]


def test_without_a_notebook_there_is_no_form():
    assert try_policy(MESSAGES, POLICY).live() == {}


@pytest.mark.parametrize(
    ("given", "said"),
    [((["a"],), "messages by name"), (({"a": "b"},), "messages by name"), ((MESSAGES, POLICY, "Body"), "MessageBody")],
)
def test_other_arguments_are_refused_in_one_sentence(given, said):
    with pytest.raises(LabError, match=said):
        try_policy(*given)
