"""What passes a filter policy, sentence by sentence from AWS's guide, as slow and as plain as can be.

It shares no line with the rules, and takes a policy only after they have taken it. Where the guide is silent it says
what the rules' docstrings call open.
"""

import ipaddress
import json
from decimal import Decimal
from math import floor

OPERATORS = "prefix suffix wildcard equals-ignore-case cidr numeric exists anything-but".split()
COMPARISONS = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def passes(policy, scope, attributes, body):
    """Whether a message with these attributes and this body passes a policy, all of them texts as AWS gets them."""
    wanted = read(policy)
    if not wanted:
        return True
    found = from_attributes(attributes) if scope == "MessageAttributes" else from_body(body)
    # "An empty set of attributes results in the filter not matching."
    return found is not None and all_of(wanted, found, "")


def read(text):
    return json.loads(text, parse_int=Decimal, parse_float=Decimal)


def from_attributes(attributes):
    """The pairs of name and value: "each element in the array is treated as a separate string", Binary is ignored.

    None where there is no attribute at all.
    """
    pairs = []
    if not any(attribute["DataType"] in ("String", "String.Array", "Number") for attribute in attributes.values()):
        return None
    for name, attribute in attributes.items():
        text = attribute.get("StringValue")
        if attribute["DataType"] == "String":
            pairs.append((name, text))
        elif attribute["DataType"] == "Number":
            pairs.append((name, Decimal(text)))
        elif attribute["DataType"] == "String.Array":
            try:
                array = read(text)
            except ValueError:
                continue
            pairs += [(name, one) for one in array if not isinstance(one, (list, dict))]
    return pairs


def from_body(body):
    """The pairs of path and value of a JSON object; None of another body, and of one without properties."""
    try:
        given = read(body)
    except ValueError:
        return None
    return [*below(given, "")] if given and isinstance(given, dict) else None


def below(node, path):
    if isinstance(node, dict):
        for name, inner in node.items():
            yield from below(inner, f"{path}.{name}" if path else name)
    elif isinstance(node, list):
        for inner in node:
            yield from below(inner, path)
    else:
        yield path, node


def all_of(policy, pairs, path):
    """Each key must match; `$or` needs one of its members."""
    for name, wanted in policy.items():
        if name == "$or" and is_or(wanted):
            matched = any(all_of(member, pairs, path) for member in wanted)
        elif isinstance(wanted, dict):
            matched = all_of(wanted, pairs, f"{path}{name}.")
        else:
            values = [value for key, value in pairs if key == f"{path}{name}"]
            matched = any(matches(rule, values) for rule in wanted)
        if not matched:
            return False
    return True


def is_or(wanted):
    """ "At least 2 objects", and "none of the objects have field names that are reserved keywords"."""
    return (
        isinstance(wanted, list)
        and len(wanted) >= 2
        and all(isinstance(member, dict) and not set(member) & set(OPERATORS) for member in wanted)
    )


def matches(rule, values):
    if isinstance(rule, dict) and "exists" in rule:
        # "The key must have a non-null and non-empty value."
        return rule["exists"] == any(value is not None and value != "" for value in values)
    return any(matches_one(rule, value) for value in values)


def matches_one(rule, value):
    if not isinstance(rule, dict):
        return same(rule, value)
    ((operator, operand),) = rule.items()
    if operator == "anything-but":
        return not excluded(operand, value)
    if operator == "numeric":
        return is_number(value) and in_range(value) and in_all(operand, value)
    if not isinstance(value, str):
        return False
    if operator == "prefix":
        return value[: len(operand)] == operand
    if operator == "suffix":
        return operand == "" or value[-len(operand) :] == operand
    if operator == "equals-ignore-case":
        return operand.lower() == value.lower()
    if operator == "wildcard":
        return like(operand, value)
    return within(operand, value)


def excluded(operand, value):
    if isinstance(operand, list):
        return any(same(one, value) for one in operand)
    return matches_one(operand, value)


def same(wanted, value):
    """Equal, and of the same type: strings stand in quotation marks, numbers and keywords don't."""
    if is_number(wanted) and is_number(value) and in_range(wanted) and in_range(value):
        return accurate(wanted) == accurate(value)
    return type(wanted) is type(value) and wanted == value


def is_number(value):
    return isinstance(value, Decimal)


def in_range(number):
    """ "The value can range from -10^9 to 10^9"."""
    return -(10**9) <= number <= 10**9


def accurate(number):
    """ "Five digits of accuracy after the decimal point"."""
    return floor(number * 100_000)


def in_all(operand, value):
    comparisons = zip(operand[::2], operand[1::2], strict=True)
    return all(COMPARISONS[sign](accurate(value), accurate(bound)) for sign, bound in comparisons)


def like(pattern, value):
    """`*` is any text; a backslash makes an asterisk or a backslash mean itself."""
    if not pattern:
        return value == ""
    if pattern[0] == "*":
        return any(like(pattern[1:], value[cut:]) for cut in range(len(value) + 1))
    if pattern[0] == "\\":
        pattern = pattern[1:]
    return value[:1] == pattern[0] and like(pattern[1:], value[1:])


def within(network, value):
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
