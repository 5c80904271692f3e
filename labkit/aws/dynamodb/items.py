"""DynamoDB's calls on items, answered by moto's own methods, whichever door a call came through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.responses import DynamoHandler

from labkit.aws.asked import Answering, Asked, Given
from labkit.aws.records import Records

NOTHING_TO_DO = "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"
OPERATIONS = {
    "PutItem": DynamoHandler.put_item,
    "GetItem": DynamoHandler.get_item,
    "UpdateItem": DynamoHandler.update_item,
    "DeleteItem": DynamoHandler.delete_item,
    "Query": DynamoHandler.query,
    "Scan": DynamoHandler.scan,
    "BatchGetItem": DynamoHandler.batch_get_item,
    "BatchWriteItem": DynamoHandler.batch_write_item,
    "TransactGetItems": DynamoHandler.transact_get_items,
    "TransactWriteItems": DynamoHandler.transact_write_items,
}


def _answering(method: Callable[[Any], Any]) -> Answering:
    """Answer as moto does; of a request its method needs no more than who asks for what, and where."""

    def answer(lab: Records, asked: Asked) -> Given:
        _check_actions(asked.given.get("TransactItems", []))
        handler: Any = DynamoHandler()
        handler.current_account, handler.region, handler.body = asked.account, asked.region, asked.given
        answered: Given = method(handler).result
        return answered

    return answer


def _check_actions(items: list[dict[str, Any]]) -> None:
    """Raise AWS's error for a part of a transaction that does nothing, on which moto fails."""
    if not all(items):
        raise MockValidationException(NOTHING_TO_DO)


ANSWERS = {operation: _answering(method) for operation, method in OPERATIONS.items()}
