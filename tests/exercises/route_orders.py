"""Answers of 12-route-orders."""

from labkit.words.route_orders import Mistake
from tests.exercises.answers import Answers

ANSWERS = Answers(
    "12-route-orders",
    unprotected={},
    read="total_as_attribute",
    text="""
Not yet: each service gets its events
In the run “a day of the three shops”:
What was called:
  - fraud subscribes with MessageAttributes: {"kind": [{"equals-ignore-case": "order"}], "total": [{"numeric": [">=", 1000]}]}
  - event-1 is published with shop = web (String), kind = order (String), country = DE (String), total = 1587.55 (String), weight = 40.56 (Number), tags = ["fragile"] (String.Array), and the body {"event": "event-1", "kind": "order", "total": 1587.55, "customer": {"level": "plain"}}
What came back:
  - event-1 was held back from fraud: total: the policy lists no value of the type of "1587.55"
What was expected:
  - fraud gets what it wished for, and nothing else: orders with a total from 1000 up, or of a new customer
Why:
  - `total` is not of the type that the policy lists: a number as text is text, and no rule for numbers matches it, nor the other way round.
`hint('12-route-orders')` helps in steps.
""",
)
ORDERS, PLACES = '[{"equals-ignore-case": "order"}]', '"country": ["ES", "PT"]'
SOME, BUT, ABSENT = '[{"anything-but": ["visit", "Visit", "test", "Test"]}, {"exists": False}]', '["visit", "Visit", "test", "Test"]', ', {"exists": False}'
DEAR, NEW, FRAUD = '[{"numeric": [">=", 1000]}]', '{"customer": {"level": ["new"]}}', '{"kind": ["order"], "$or": [dear, new]}'
SCOPE, LIGHT, TAGS = ', "FilterPolicyScope": "MessageBody"', '[">=", 2, "<", 30]', '["fragile", {"prefix": "glass-"}]'
PARCELS = '{"weight": light, "tags": tags}'

ANSWERS.edits(
    ("both_spellings", {ORDERS: '["order", "Order"]'}, None),
    ("by_wildcard", {TAGS: '["fragile", {"wildcard": "glass-*"}]'}, None),
    ("kind_in_each_group", {FRAUD: '{"$or": [{"kind": ["order"], **dear}, {"kind": ["order"], **new}]}'}, None),
    ("as_text", {PARCELS: 'str({"weight": light, "tags": tags}).replace("\'", \'"\')'}, None),
    ("one_spelling", {ORDERS: '["order"]'}, Mistake.CASE),
    ("small_letters_only", {BUT: '["visit", "test"]'}, Mistake.CASE),
    ("countries_in_small_letters", {PLACES: '"country": ["es", "pt"]'}, Mistake.CASE),
    ("level_with_a_capital", {NEW: '{"customer": {"level": ["New"]}}'}, Mistake.CASE),
    ("without_the_tills", {ABSENT: ""}, Mistake.MISSING_KEY),
    ("two_in_one", {SOME: '[{"anything-but": ["visit", "Visit", "test", "Test"], "exists": False}]'}, Mistake.TWO_OPERATORS),
    ("a_list_of_refusals", {SOME: '[{"not": ["visit"]}]'}, Mistake.REFUSED),
    ("above", {DEAR: '[{"numeric": [">", 1000]}]'}, Mistake.BOUND_OUT),
    ("up_to", {LIGHT: '[">=", 2, "<=", 30]'}, Mistake.BOUND_IN),
    ("above_two", {LIGHT: '[">", 2, "<", 30]'}, Mistake.BOUND_OUT),
    ("two_bounds_apart", {'[{"numeric": [">=", 2, "<", 30]}]': '[{"numeric": [">=", 2]}, {"numeric": ["<", 30]}]'}, Mistake.BOUNDS_APART),
    ("by_first_letter", {SOME: '[{"anything-but": {"prefix": "v"}}, {"exists": False}]'}, Mistake.LET_IN),
    ("no_lower_bound", {LIGHT: '["<", 30]'}, Mistake.LET_IN),
    ("total_as_attribute", {FRAUD: '{"kind": orders, **dear}', SCOPE: ""}, Mistake.AS_TEXT),
    ("total_as_text", {DEAR: '["1000"]'}, Mistake.AS_TEXT),
    ("number_in_quotes", {DEAR: '[{"numeric": [">=", "1000"]}]'}, Mistake.REFUSED),
    ("weight_as_text", {'"weight": light': '"weight": [{"prefix": "2"}]'}, Mistake.AS_TEXT),
    ("nested_attributes", {SCOPE: ""}, Mistake.NESTED),
    ("level_as_attribute", {FRAUD: '{"kind": orders, "$or": [{"customer": ["new"]}, {"level": ["new"]}]}', SCOPE: ""}, Mistake.UNKNOWN_KEY),
    ("tags_in_the_body", {PARCELS: '{"weight": light, "tags": tags}, "FilterPolicyScope": "MessageBody"'}, Mistake.WRONG_SCOPE),
    ("no_or", {FRAUD: '{"kind": ["order"], **dear, **new}'}, Mistake.OR_AS_AND),
    ("kind_in_the_or", {FRAUD: '{"$or": [{"kind": ["order"]}, dear, new]}'}, Mistake.OR_TOO_WIDE),
    ("fraud_of_everything", {FRAUD: '{"$or": [dear, new]}'}, Mistake.FORGOTTEN),
    ("any_country", {f", {PLACES}": ""}, Mistake.FORGOTTEN),
    ("another_key", {PLACES: '"Country": ["ES", "PT"]'}, Mistake.UNKNOWN_KEY),
    ("level_not_nested", {NEW: '{"level": ["new"]}'}, Mistake.UNKNOWN_KEY),
    ("any_glass", {TAGS: '["fragile", {"wildcard": "*glass*"}]'}, Mistake.LET_IN),
    ("tags_as_one", {TAGS: '["fragile glass-"]'}, Mistake.HELD_BACK),
    ("no_letters", {'"letters": {"FilterPolicy": {"kind": some}},': ""}, Mistake.MISSING_SERVICE),
    ("without_the_word", {'{"FilterPolicy": {"kind": some}}': '{"kind": some}'}, Mistake.MISSING_SERVICE),
    ("a_set", {TAGS: '{"fragile"}'}, Mistake.NOT_POLICIES),
    ("another_service", {'"parcels":': '"parcel":'}, Mistake.NOT_POLICIES),
    ("another_scope", {SCOPE: ', "FilterPolicyScope": "Body"'}, Mistake.REFUSED),
    ("everything", {FRAUD: "{}"}, Mistake.FORGOTTEN),
)  # fmt: skip


@ANSWERS.wrong(Mistake.NOT_POLICIES)
def policies():
    """A list instead of a dict."""
    return [{"FilterPolicy": {}}]
