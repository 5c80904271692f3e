"""Every request that botocore writes is read as moto reads it, in each protocol, whatever the operation."""

import botocore.session
import pytest
from botocore.serialize import create_serializer
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.utils import get_service_model
from werkzeug.datastructures import Headers, MultiDict

from labkit.aws.served import reading
from labkit.aws.served.lacking import faults
from tests.aws.served.malformed import form, sound

SESSION = botocore.session.get_session()
SERVED = [
    ("sqs", "json"), ("sqs", "query"), ("dynamodb", "json"), ("cloudwatch", "json"), ("cloudwatch", "query"),
    ("autoscaling", "query"), ("mq", "rest-json"), ("sns", "query"), ("kinesis", "json"), ("firehose", "json"),
    ("events", "json"), ("stepfunctions", "json"), ("lambda", "rest-json"), ("ec2", "ec2"), ("iam", "query"),
]  # fmt: skip
EXAMPLES = {"blob": b"order", "timestamp": "2026-01-01T00:00:00Z"}


def everything(shape, seen=()):
    """A value with each member of its shape, as deep as the shape goes without holding itself."""
    if shape.type_name == "structure":
        members = {name: member for name, member in shape.members.items() if member.name not in seen}
        return {name: everything(member, (*seen, shape.name)) for name, member in members.items()}
    if shape.type_name == "list":
        return [everything(shape.member, (*seen, shape.name))] * max(2, shape.metadata.get("min", 2))
    if shape.type_name == "map":
        return {key: everything(shape.value, (*seen, shape.name)) for key in ("a", "b")}
    return EXAMPLES.get(shape.type_name) or sound(shape)


def written(service, protocol, model, given):
    """The parts of the request that botocore makes of parameters, as a server has them."""
    members = model.input_shape.members if model.input_shape else {}
    parts = {"method": "POST", "values": MultiDict(), "headers": Headers(), "body": b"", "url_path": "/"}
    parts["url_params"] = {shape.serialization.get("name", name): given[name] for name, shape in members.items()
                           if shape.serialization.get("location") == "uri"}  # fmt: skip
    if service == "sqs" and protocol == "query":  # of which botocore no longer knows the names
        return parts | {"values": MultiDict(form(model.input_shape, given))}
    request = create_serializer(protocol, False).serialize_to_request(given, model)
    body, query = request["body"], request.get("query_string") or {}
    values = body if isinstance(body, dict) else query if isinstance(query, dict) else {}
    headers = Headers({name: str(one) for name, one in request["headers"].items()})
    content = body if isinstance(body, bytes) else b"" if isinstance(body, dict) else str(body or "").encode()
    return parts | {"values": MultiDict(values), "headers": headers, "body": content}


def differs(service, protocol, operation):
    """How an operation's request is read otherwise than by moto, or refused; None where it isn't."""
    model = get_service_model(service).operation_model(operation)
    if model.input_shape is None:
        return None
    parts = written(service, protocol, model, everything(model.input_shape))
    mine, motos = reading.PARSERS[protocol](model).parse(parts), PROTOCOL_PARSERS[protocol](model).parse(parts)
    lacks = faults(model, mine)
    return None if (mine, lacks) == (motos, []) else f"{operation}: {mine} {motos} {lacks}"


@pytest.mark.parametrize(("service", "protocol"), SERVED)
def test_what_botocore_writes_is_read_as_moto_reads_it(service, protocol):
    names = get_service_model(service).operation_names
    assert [told for told in (differs(service, protocol, name) for name in names) if told is not None] == []
    assert len(names) >= 12
