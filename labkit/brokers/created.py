"""What a lab says of a broker that `create_broker` made there, for the processes that are to stand behind it."""

from __future__ import annotations

from urllib.parse import urlsplit

from labkit.aws.lab import Lab
from labkit.aws.mq.made import Made, Serving
from labkit.words import brokers as words
from labkit.words import error


class Created:
    """A broker of a lab: its description as DescribeBroker gives it, its users with passwords, and its endpoints.

    Raises `LabError` for a broker that the lab does not have, or that is of another `engine`.
    """

    def __init__(self, lab: Lab, broker_id: str, engine: str) -> None:
        mq = lab.client("mq")
        try:
            self.described = mq.describe_broker(BrokerId=broker_id)
        except mq.exceptions.NotFoundException as unknown:
            raise error(words.NO_BROKER, given=broker_id) from unknown
        if self.described["EngineType"].upper() != engine:
            raise error(words.ENGINE, engine=self.described["EngineType"])
        self._made, self._id = lab.part(Made), broker_id
        self.users = dict(self._made.passwords[broker_id])
        self.endpoints: list[list[str]] = [each["Endpoints"] for each in self.described["BrokerInstances"]]
        self.hosts = [str(urlsplit(each[0]).hostname) for each in self.endpoints]

    def served_by(self, processes: Serving) -> None:
        """Let the lab's RebootBroker and DeleteBroker mean these processes."""
        self._made.serve(self._id, processes)
