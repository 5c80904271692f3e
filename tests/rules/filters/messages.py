"""Policies and messages in short, as the tests of filter policies write them."""

import json

from labkit.rules.filters import ATTRIBUTES, BODY, FilterPolicy, Published


def attribute(value):
    """A message attribute: a text, a number, a list or bytes by its type; a pair is a type and its text."""
    if isinstance(value, tuple):
        return {"DataType": value[0], "StringValue": value[1]}
    if isinstance(value, bytes):
        return {"DataType": "Binary", "BinaryValue": value}
    if isinstance(value, list):
        return {"DataType": "String.Array", "StringValue": json.dumps(value)}
    if isinstance(value, str):
        return {"DataType": "String", "StringValue": value}
    return {"DataType": "Number", "StringValue": str(value)}


def with_attributes(**values):
    """A message with these attributes."""
    return Published({name: attribute(value) for name, value in values.items()})


def with_body(body):
    """A message with this body: a text as it is, anything else as JSON."""
    return Published({}, body if isinstance(body, str) else json.dumps(body))


def on_attributes(policy):
    """A policy on attributes."""
    return FilterPolicy(json.dumps(policy), ATTRIBUTES)


def on_body(policy):
    """A policy on the body."""
    return FilterPolicy(json.dumps(policy), BODY)
