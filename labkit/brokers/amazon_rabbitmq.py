"""RabbitMQ as Amazon MQ runs it behind one that `create_broker` made in a lab: one endpoint name for all nodes."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from labkit.aws.lab import Lab
from labkit.brokers.authority import authority, random_password
from labkit.brokers.deployment import ConnectionSettings, Created
from labkit.brokers.names import names
from labkit.brokers.places import LOOPBACK
from labkit.brokers.rabbitmq import RabbitMQ

API_PORT = 443


class AmazonRabbitMQ(RabbitMQ):
    """The node, or the cluster's three, of a broker of a lab; they start in the background, so `wait` for them.

    They go on when the lab is closed. While it is open, its RebootBroker and DeleteBroker mean these nodes. Raises
    `LabError` for a broker that the lab does not have, or that is no RabbitMQ.
    """

    def __init__(self, lab: Lab, broker_id: str) -> None:
        created = Created(lab, broker_id, "RABBITMQ")
        self._user, self._password = next(iter(created.users.items()))
        ((self.endpoint,),), (self.host,) = created.endpoints, created.hosts
        is_cluster = created.described["DeploymentMode"] == "CLUSTER_MULTI_AZ"
        # AWS made quorum the default type with RabbitMQ 4.2.
        is_4 = not created.described["EngineVersion"].startswith("3.")
        super().__init__(
            broker_id,
            {self._user: self._password},
            nodes=3 if is_cluster else 1,
            hosts=(self.host,),
            queue_type="quorum" if is_4 else "",
        )
        self._lead_names()
        created.served_by(self)

    def _lead_names(self) -> None:
        """One name for all nodes; a client tries them one after the other until one accepts."""
        names.lead(self.host, int(urlsplit(self.endpoint).port or 0), *(node.ports["amqps"] for node in self.nodes))
        names.lead(self.host, API_PORT, *(node.ports["https"] for node in self.nodes))

    @property
    def settings(self) -> ConnectionSettings:
        """What an application is configured with: AMQP over TLS at the one endpoint."""
        return ConnectionSettings(self.endpoint, self._user, self._password, str(authority().file))

    def uri_for_brokers(self) -> str:
        """Return the first node's address as another broker on this machine needs it, user and password included.

        A broker's process shares no names with this one, so it is given the port on loopback.
        """
        tls = f"cacertfile={authority().file}&verify=verify_peer&server_name_indication={self.host}"
        login = ":".join(quote(each, safe="") for each in (self._user, self._password))
        return f"amqps://{login}@{self.host}:{self.nodes[0].ports['amqps']}?{tls}"

    def reboot(self) -> None:
        """Restart the nodes one after the other, each when the others are back, so that the broker goes on."""
        for node in self.nodes:
            node.stop()
            node.start()
            self.wait()

    def stop(self) -> None:
        """End all nodes, remove what they stored, and forget their name."""
        super().stop()
        names.forget(self.host)


class OnPremisesRabbitMQ(RabbitMQ):
    """The old broker in the company's own cellar: one node without TLS, with one user and a random password."""

    def __init__(self, name: str = "on-premises", user: str = "orders") -> None:
        self._user, self._password = user, random_password()
        super().__init__(name, {user: self._password})

    @property
    def settings(self) -> ConnectionSettings:
        """What an application is configured with."""
        return ConnectionSettings(f"amqp://{LOOPBACK}:{self.nodes[0].ports['amqp']}", self._user, self._password, "")
