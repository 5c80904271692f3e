"""DynamoDB: moto keeps the tables and their items; calls on items reach its methods through both doors."""

from __future__ import annotations

from labkit.aws import over_http
from labkit.aws.adapter import Adapter, Replacement
from labkit.aws.asked import Answering, Given
from labkit.causes import Result


class DynamoDBAdapter(Adapter):
    """Calls on items in process; see `Adapter` for the methods. moto's DynamoDB is imported with the first client."""

    needed_by = frozenset({"dynamodb"})
    says_checksum = True

    @property
    def answers(self) -> dict[str, Answering]:
        """The answer functions by operation."""
        from labkit.aws.dynamodb.items import ANSWERS

        return ANSWERS

    def replacements(self) -> list[Replacement]:
        """The methods of these operations."""
        from moto.dynamodb.responses import DynamoHandler

        return [(DynamoHandler, name, method) for name, method in over_http.methods(self.answers).items()]

    def describe(self, operation: str, parameters: Given, answer: Given) -> tuple[str, Result | None, list[str]]:
        """The history names the operation alone."""
        return "", None, []
