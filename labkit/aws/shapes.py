"""What the wire would make of parameters and of an answer, compiled from the service's own model.

A parameter travels as JSON, or as a form in the query protocol, from botocore's serializer to moto's parser; an answer
as JSON or XML from moto's serializer to botocore's parser. Both ways are copies in which nothing but the order of a
structure's members changes, as long as every value is of the plain type that its shape asks for; whatever else is given
goes over HTTP.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from botocore.utils import parse_timestamp

Convert = Callable[[Any], Any]


_operations: dict[tuple[str, str, str], tuple[Convert, Convert]] = {}


class NotPlain(Exception):
    """A value that the wire would change, or botocore refuse: the call goes over HTTP."""


class Unsupported(Exception):
    """A shape that is not carried in process, such as a timestamp: the operation goes over HTTP."""


def of_operation(model: Any) -> tuple[Convert, Convert]:
    """Return an operation's reader and writer, compiled once for all clients. Raises `Unsupported`."""
    name = (model.service_model.service_name, model.service_model.api_version, model.name)
    if name not in _operations:
        is_query = model.service_model.resolved_protocol == "query"
        read = _compiled(model.input_shape, READ_QUERY if is_query else READ, {})
        write = _compiled(model.output_shape, WRITE_QUERY if is_query else WRITE, {})
        _operations[name] = read, write
    return _operations[name]


def reader(shape: Any) -> Convert:
    """Return the function that copies parameters of this shape. It raises `NotPlain`."""
    return _compiled(shape, READ, {})


def writer(shape: Any) -> Convert:
    """Return the function that brings an answer into this shape; members that the shape hasn't are dropped."""
    return _compiled(shape, WRITE, {})


def _compiled(shape: Any, kinds: dict[str, Any], known: dict[str, Convert]) -> Convert:
    if shape is None:  # an operation without parameters, or without an answer
        return lambda value: {}
    if shape.name not in known:
        make = kinds.get(shape.type_name)
        if make is None or getattr(shape, "is_document_type", False) or "jsonvalue" in shape.serialization:
            raise Unsupported(shape.name)
        # A shape may hold itself, as DynamoDB's lists do: inside, it is looked up when it is needed.
        known[shape.name] = lambda value: known[shape.name](value)
        known[shape.name] = make(shape, partial(_compiled, kinds=kinds, known=known))
    return known[shape.name]


# Parameters: exact types only. A bool counts as an int and a tuple as a list in botocore, but not in JSON's copy.


def _read_structure(shape: Any, inner: Callable[[Any], Convert]) -> Convert:
    members = {name: inner(member) for name, member in shape.members.items()}
    in_order = _ordering(list(members))
    required = frozenset(shape.required_members)
    is_union = shape.is_tagged_union

    def read(value: Any) -> Any:
        if type(value) is not dict or (is_union and len(value) != 1):
            raise NotPlain
        copy = {}
        for name, one in value.items():
            convert = members.get(name)
            if convert is None or one is None:
                raise NotPlain
            copy[name] = convert(one)
        if not required <= copy.keys():
            raise NotPlain
        return in_order(copy)

    return read


def _ordering(names: list[str]) -> Convert:
    """Return what brings a structure's members into the order of the model, in which both wires carry them."""
    places = {name: place for place, name in enumerate(names)}

    def in_order(members: dict[str, Any]) -> dict[str, Any]:
        last = -1
        for name in members:
            place = places[name]
            if place < last:
                return {name: members[name] for name in sorted(members, key=places.__getitem__)}
            last = place
        return members

    return in_order


def _read_map(shape: Any, inner: Callable[[Any], Convert]) -> Convert:
    key, one = inner(shape.key), inner(shape.value)

    def read(value: Any) -> Any:
        if type(value) is not dict:
            raise NotPlain
        return {key(name): one(each) for name, each in value.items()}

    return read


def _read_list(shape: Any, inner: Callable[[Any], Convert]) -> Convert:
    one, least = inner(shape.member), shape.metadata.get("min", 0)

    def read(value: Any) -> Any:
        if type(value) is not list or len(value) < least:
            raise NotPlain
        return [one(each) for each in value]

    return read


def _read_text(shape: Any, inner: Callable[[Any], Convert]) -> Convert:
    least = shape.metadata.get("min", 0)

    def read(value: Any) -> Any:
        if type(value) is not str or len(value) < least or not (value.isascii() or _can_be_encoded(value)):
            raise NotPlain
        return value

    return read


def _can_be_encoded(text: str) -> bool:
    """Not so for half of a surrogate pair, of which JSON makes one letter where both halves meet."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _read_number(shape: Any, inner: Callable[[Any], Convert]) -> Convert:
    least = shape.metadata.get("min")

    def read(value: Any) -> Any:
        if type(value) is not int or (least is not None and value < least):
            raise NotPlain
        return value

    return read


def _read_exactly(kind: type[Any], shape: Any, inner: Callable[[Any], Convert]) -> Convert:
    least = shape.metadata.get("min", 0) if kind is bytes else 0

    def read(value: Any) -> Any:
        if type(value) is not kind or (least and len(value) < least):
            raise NotPlain
        return value

    return read


def _read_nothing(shape: Any, inner: Callable[[Any], Convert]) -> Convert:
    """Numbers with a point and dates are written in more than one way: a call that gives one goes over HTTP."""

    def read(value: Any) -> Any:
        raise NotPlain

    return read


READ = {
    "structure": _read_structure,
    "map": _read_map,
    "list": _read_list,
    "string": _read_text,
    "integer": _read_number,
    "long": _read_number,
    "boolean": partial(_read_exactly, bool),
    "blob": partial(_read_exactly, bytes),
    "timestamp": _read_nothing,
    "float": _read_nothing,
    "double": _read_nothing,
}


def _not_empty(read: Any, shape: Any, inner: Callable[[Any], Convert]) -> Convert:
    """In a form, a list or map without members is a parameter without a value: what that means, moto says."""
    convert: Convert = read(shape, inner)

    def read_members(value: Any) -> Any:
        if not value:
            raise NotPlain
        return convert(value)

    return read_members


READ_QUERY = READ | {"list": partial(_not_empty, _read_list), "map": partial(_not_empty, _read_map)}


# Answers: what moto's serializer writes of a value, as botocore's parser reads it.


def _write_structure(shape: Any, inner: Callable[[Any], Convert]) -> Convert:
    members = {name: inner(member) for name, member in shape.members.items()}
    in_order = _ordering(list(members))

    def write(value: Any) -> Any:
        known = {name: members[name](one) for name, one in value.items() if one is not None and name in members}
        return in_order(known)

    return write


def _write_map(shape: Any, inner: Callable[[Any], Convert]) -> Convert:
    one = inner(_unnamed(shape.value))
    return lambda value: {name: one(each) for name, each in value.items()}


def _write_list(shape: Any, inner: Callable[[Any], Convert]) -> Convert:
    one = inner(_unnamed(shape.member))
    return lambda value: [one(each) for each in value]


def _unnamed(shape: Any) -> Any:
    """moto's serializer would write what has another name on the wire under that name, or not at all."""
    if "name" in shape.serialization:
        raise Unsupported(shape.name)
    return shape


def _writing(convert: Convert) -> Any:
    return lambda shape, inner: convert


def _as_it_is(value: Any) -> Any:
    return value


WRITE = {
    "structure": _write_structure,
    "map": _write_map,
    "list": _write_list,
    "string": _writing(str),
    "integer": _writing(int),
    "long": _writing(int),
    "float": _writing(float),
    "double": _writing(float),
    "boolean": _writing(_as_it_is),
    "blob": _writing(bytes),
    # Seconds since 1970, as JSON carries them. In XML they are texts of several kinds, which go over HTTP.
    "timestamp": _writing(parse_timestamp),
}


def _as_xml_text(value: Any) -> str:
    """Text as an XML parser hands it on: a line ends with "\n", however it was written."""
    text = str(value)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


WRITE_QUERY = {name: make for name, make in WRITE.items() if name != "timestamp"} | {"string": _writing(_as_xml_text)}
