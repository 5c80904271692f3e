"""What SNS promises of a topic: which messages it takes, what each subscriber gets, and when it tries again."""

from labkit.rules.topics.fifo_topic import FifoTopic, Numbered
from labkit.rules.topics.publication import Publication
from labkit.rules.topics.retries import HTTP_DEFAULT, MANAGED, PEOPLE, DeliveryPolicy, http_policy

__all__ = ["HTTP_DEFAULT", "MANAGED", "PEOPLE", "DeliveryPolicy", "FifoTopic", "Numbered", "Publication", "http_policy"]
