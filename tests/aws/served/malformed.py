"""Requests that a service's own model does not allow, made from the model: each lacks one thing, or has it wrong.

They are written as the wire carries them, in every protocol that the service speaks here, for no SDK would send them.
"""

import json
import random
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple
from urllib.parse import urlencode

from moto.core.responses import method_names_from_class
from moto.core.utils import camelcase_to_underscores, get_service_model
from moto.mq.responses import MQResponse
from werkzeug.test import EnvironBuilder

from labkit.aws.adapters import adapters
from tests.aws.served.in_process import SIGNED

DEPTH, DEEP, KEPT = 4, 2, 0.3  # of what lies deep, a part is tried
# What is signed for, and the protocols of each service whose rules are ours.
SERVICES = {
    "sqs": ("sqs", ("json", "query")),
    "cloudwatch": ("monitoring", ("json", "query")),
    "autoscaling": ("autoscaling", ("query",)),
    "dynamodb": ("dynamodb", ("json",)),
    "mq": ("mq", ("rest-json",)),
}
NUMBER = ("seven", True, [], {})
WRONG = {
    "string": (7, 7.5, True, False, [], {}), "integer": NUMBER, "long": NUMBER, "float": NUMBER, "double": NUMBER,
    "boolean": (7, "perhaps", [], {}), "list": ("a", 7, True, {}), "map": ("a", 7, True, []),
    "structure": ("a", 7, True, []), "blob": (7, "no base 64", True, []), "timestamp": (True, [], {}, "yesterday"),
}  # fmt: skip
# In a form everything is text.
WRONG_TEXTS = {
    "integer": ("seven", "1_0", "", "7.5"), "long": ("seven", ""), "float": ("much", ""), "double": ("much", ""),
    "boolean": ("perhaps", ""), "blob": ("no base 64",), "timestamp": ("yesterday", ""),
}  # fmt: skip
ABSENT, NULL = object(), object()


class Case(NamedTuple):
    """A malformed request: what is wrong with it, and where; `name` is the last step of the way there."""

    service: str
    protocol: str
    operation: str
    wrong: str
    where: str
    name: str
    given: object

    def __str__(self):
        return f"{self.service} {self.protocol} {self.operation} {self.where}: {self.wrong}"

    def request(self):
        """The request as HTTP carries it."""
        model = get_service_model(self.service)
        operation = model.operation_model(self.operation)
        headers = {"Host": "127.0.0.1", "Authorization": SIGNED.format(SERVICES[self.service][0])}
        path, method, kind, data = "/", "POST", "application/x-amz-json-1.0", json.dumps(self.given)
        if self.protocol == "query":
            kind = "application/x-www-form-urlencoded"
            data = urlencode({"Action": self.operation, **dict(form(operation.input_shape, self.given))})
        elif self.protocol == "rest-json":
            path, method, kind, data = _rest(operation, self.given)
        else:
            headers["X-Amz-Target"] = f"{model.metadata['targetPrefix']}.{self.operation}"
        return EnvironBuilder(path, "http://127.0.0.1/", method=method, headers=headers, content_type=kind, data=data)


def _rest(operation, given):
    members = operation.input_shape.members
    located = {name: shape.serialization for name, shape in members.items() if "location" in shape.serialization}
    path = operation.http["requestUri"]
    for name, where in located.items():
        if where["location"] == "uri":
            path = path.replace("{" + where.get("name", name) + "}", str(given[name]))
    asked = {where.get("name", name): given[name] for name, where in located.items()
             if where["location"] == "querystring" and name in given}  # fmt: skip
    body = _named(operation.input_shape, {name: one for name, one in given.items() if name not in located})
    query = f"?{urlencode(asked)}" if asked else ""
    return path + query, operation.http["method"], "application/json", json.dumps(body) if body else ""


def _named(shape, value):
    """A value with the names that its members have in JSON."""
    if shape.type_name == "structure" and isinstance(value, dict):
        return {shape.members[name].serialization.get("name", name): _named(shape.members[name], one)
                for name, one in value.items()}  # fmt: skip
    if shape.type_name == "list" and isinstance(value, list):
        return [_named(shape.member, one) for one in value]
    return value


def form(shape, value, prefix=""):
    """The pairs of a form that hold a value, as the query protocol writes them."""
    if shape.type_name == "structure":
        for name, one in value.items():
            member = shape.members[name]
            yield from form(member, one, ".".join(filter(None, [prefix, _query_name(member, name)])))
    elif shape.type_name == "list":
        places = f"{prefix}.{_query_name(shape.member, 'member')}"
        if shape.is_flattened:
            places = ".".join([*prefix.split(".")[:-1], _query_name(shape.member, prefix.rpartition(".")[2])])
        for number, one in enumerate(value, 1):
            yield from form(shape.member, one, f"{places}.{number}")
    elif shape.type_name == "map":
        places = prefix if shape.is_flattened else f"{prefix}.entry"
        for number, (key, one) in enumerate(value.items(), 1):
            yield f"{places}.{number}.{_query_name(shape.key, 'key')}", key
            yield from form(shape.value, one, f"{places}.{number}.{_query_name(shape.value, 'value')}")
    else:
        yield (
            prefix,
            b64encode(value).decode() if isinstance(value, bytes) else str(value).lower() if value is True else value,
        )


def _query_name(shape, name):
    return shape.serialization.get("locationNameForQueryCompatibility") or shape.serialization.get("name", name)


def sound(shape, path=(), leaf=None):
    """The least value of a shape that its model allows, except that `leaf` stands at the end of the path."""
    if leaf is not None and not path:
        return leaf
    kind, step, rest = shape.type_name, path[0] if path else None, path[1:]
    if kind == "structure":
        names = {*shape.required_members, *([step] if path else [])}
        given = {name: sound(shape.members[name], *((rest, leaf) if name == step else ()))
                 for name in shape.members if name in names}  # fmt: skip
        return {name: one for name, one in given.items() if one is not ABSENT}
    if kind == "list":
        return [sound(shape.member, rest, leaf if path else None)] * max(1, shape.metadata.get("min", 1))
    if kind == "map":
        return {"a": sound(shape.value, rest, leaf if path else None)}
    return _scalar(shape)


def _scalar(shape):
    least = shape.metadata.get("min", 1)
    values = {
        "integer": max(1, least),
        "long": max(1, least),
        "float": float(max(1, least)),
        "double": float(max(1, least)),
        "boolean": True,
    }
    texts = {"blob": "b3JkZXI=", "timestamp": "2026-01-01T00:00:00Z"}
    return values.get(shape.type_name) or texts.get(shape.type_name) or "orders".ljust(least, "x")


def inside(shape, path=(), seen=()) -> Iterator[tuple[tuple, object, bool]]:
    """Everything that a shape may hold: the way there, its shape, and whether it is required."""
    if len(path) > DEPTH or shape.name in seen:
        return
    seen = (*seen, shape.name)
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            yield (*path, name), member, name in shape.required_members
            yield from inside(member, (*path, name), seen)
    elif shape.type_name in ("list", "map"):
        member = shape.member if shape.type_name == "list" else shape.value
        step = 1 if shape.type_name == "list" else "a"
        yield (*path, step), member, False
        yield from inside(member, (*path, step), seen)


@cache
def operations(service):
    """The operations of a service whose answers are ours; of Amazon MQ those that moto has a way to."""
    if service == "dynamodb":
        return list(adapters()[service].answers)
    names = get_service_model(service).operation_names
    known = method_names_from_class(MQResponse)
    return [name for name in names if service != "mq" or camelcase_to_underscores(name) in known]


def cases(service, seed=9) -> Iterator[Case]:
    """For each operation: without each required parameter in turn, and with each parameter of a wrong type."""
    draw = random.Random(seed)
    for protocol in SERVICES[service][1]:
        for operation in operations(service):
            shape = get_service_model(service).operation_model(operation).input_shape
            for path, member, required in inside(shape) if shape else ():
                if len(path) <= DEEP or draw.random() < KEPT:
                    yield from _cases((service, protocol, operation), shape, path, member, required, draw)


def _cases(which, shape, path, member, required, draw):
    where, name = ".".join(map(str, path)), next(step for step in reversed(path) if isinstance(step, str))
    location = shape.members[path[0]].serialization.get("location")
    if required and location is None:  # without what stands in the path it is another operation's
        yield from _lacking(which, where, name, shape, path)
    wrong = WRONG_TEXTS if which[1] == "query" or location == "querystring" else WRONG
    if member.type_name in wrong and location != "uri":
        value = draw.choice(wrong[member.type_name])
        yield Case(*which, f"{member.type_name} {value!r}", where, name, sound(shape, path, value))


def _lacking(which, where, name, shape, path):
    without = sound(shape, path, ABSENT)
    before = path[:-1]
    inner = without
    for step in before:
        inner = inner[0] if step == 1 and isinstance(inner, list) else inner[step]
    if which[1] != "query" or not before or inner:  # a form cannot say that something is there and empty
        yield Case(*which, "missing", where, name, without)
    if which[1] != "query":
        given = sound(shape, path, NULL)
        yield Case(*which, "null", where, name, json.loads(json.dumps(given, default=lambda null: None)))
