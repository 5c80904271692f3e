"""The old broker in the company's own cellar: one ActiveMQ, without TLS."""

from __future__ import annotations

from labkit.brokers.activemq import ActiveMQ
from labkit.brokers.amazon_mq import AmazonMQ
from labkit.brokers.authority import random_password
from labkit.brokers.deployment import Deployment, Settings
from labkit.brokers.places import LOOPBACK
from labkit.words import brokers as words
from labkit.words import error


class OnPremises(Deployment):
    """One ActiveMQ broker on loopback, with one user and a random password; it runs when this returns.

    Raises `LabError` where the wheels that carry ActiveMQ are missing.
    """

    def __init__(self, name: str = "on-premises", user: str = "orders") -> None:
        self._user, self._password = user, random_password()
        self.broker = ActiveMQ(name, {user: self._password})
        super().__init__(name, [self.broker])

    @property
    def settings(self) -> Settings:
        """What an application is configured with."""
        return Settings(f"stomp://{LOOPBACK}:{self.broker.ports['stomp']}", self._user, self._password, "")

    def waiting(self, queue: str) -> int:
        """Return how many messages a queue of it holds, those in flight included."""
        return self.broker.waiting(queue)

    def bridge_to(self, new: AmazonMQ, user: str) -> None:
        """Open a duplex network connector: from now on each broker brings the other's consumers what they wait for.

        ActiveMQ logs in with one user on both sides, so it must be one that this broker does not have yet: it is added.
        """
        if user == self._user:
            raise error(words.OWN_USER, given=user)
        self.broker.bridge(*new.network_address(user))
