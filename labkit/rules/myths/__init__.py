"""Common misconceptions about SQS standard queues as rules: StandardQueue with one method overridden."""

from labkit.rules.myths.myth import Myth, myth, myths

__all__ = ["Myth", "myth", "myths"]
