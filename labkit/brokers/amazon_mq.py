"""ActiveMQ: the old broker in the company's own cellar, and those behind a lab's Amazon MQ."""

from __future__ import annotations

from urllib.parse import urlsplit

from labkit.aws.lab import Lab
from labkit.brokers.activemq import ActiveMQ
from labkit.brokers.authority import authority, random_password
from labkit.brokers.deployment import ConnectionSettings, Created, Deployment
from labkit.brokers.names import names
from labkit.brokers.places import LOOPBACK
from labkit.words import brokers as words
from labkit.words import error


class AmazonMQ(Deployment):
    """The processes of a broker of a lab; one is active when this returns. They go on when the lab is closed.

    Applications connect when no lab is open, for they live in real time. While the lab is open, its RebootBroker and
    DeleteBroker mean these processes. Raises `LabError` for a broker that the lab does not have, or that is
    no ActiveMQ.
    """

    def __init__(self, lab: Lab, broker_id: str) -> None:
        created = Created(lab, broker_id, "ACTIVEMQ")
        self._users, self._endpoints, self.hosts = created.users, created.endpoints, created.hosts
        super().__init__(broker_id, nodes(created.described["BrokerName"], self._users, self.hosts))
        for lead in self.leads():
            names.lead(*lead)
        created.served_by(self)

    def leads(self) -> list[tuple[str, int, int]]:
        """Return each endpoint's name and port, and the port of 127.0.0.1 that serves there."""
        return [
            (str(address.hostname), int(address.port or 0), node.ports[address.scheme])
            for node, addresses in zip(self.nodes, self._endpoints, strict=True)
            for address in map(urlsplit, addresses)
            if address.scheme in node.ports
        ]

    @property
    def settings(self) -> ConnectionSettings:
        """What an application is configured with: STOMP over TLS, both brokers in the order to try them."""
        user, password = next(iter(self._users.items()))
        return ConnectionSettings(",".join(self.urls("stomp+ssl")), user, password, str(authority().file))

    def urls(self, scheme: str) -> list[str]:
        """Return the endpoints of a protocol, as DescribeBroker lists them: "ssl" (OpenWire), "stomp+ssl", ..."""
        return [address for each in self._endpoints for address in each if address.startswith(f"{scheme}://")]

    def waiting(self, queue: str) -> int:
        """Return how many messages a queue of the active broker holds, those in flight included."""
        return int(self.nodes[self._number() - 1].waiting(queue))

    def reboot(self) -> None:
        """Restart the broker that serves, also a frozen one; its standby takes over meanwhile."""
        states = self.states()
        serving = next((state for state in ("active", "silent") if state in states), None)
        if serving is not None:
            node = self.nodes[states.index(serving)]
            node.kill() if serving == "silent" else node.stop()
            node.start()

    def network_address(self, user: str) -> tuple[str, str, str, dict[str, str]]:
        """Return what another broker's network connector needs: address, user, password, and where the names lead."""
        if user not in self._users:
            raise error(words.NO_USER, given=user, known=", ".join(self._users))
        pairs = zip(self.hosts, self.nodes, strict=True)
        brokers = ",".join(f"ssl://{host}:{node.ports['ssl']}" for host, node in pairs)
        return f"masterslave:({brokers})", user, self._users[user], dict.fromkeys(self.hosts, LOOPBACK)

    def stop(self) -> None:
        """End all brokers, remove what they stored, and forget their names."""
        super().stop()
        for host in self.hosts:
            names.forget(host)


def nodes(name: str, users: dict[str, str], hosts: list[str]) -> list[ActiveMQ]:
    """One ActiveMQ, or an active and a standby one that share their store as Amazon MQ's share theirs on EFS."""
    made: list[ActiveMQ] = []
    for number, _ in enumerate(hosts, 1):
        shared = made[0].data if made else None
        made.append(ActiveMQ(f"{name}-{number}", users, data=shared, hosts=tuple(hosts)))
    return made


class OnPremises(Deployment):
    """One ActiveMQ broker on loopback, with one user and a random password; it runs when this returns.

    Raises `LabError` where the wheels that carry ActiveMQ are missing.
    """

    def __init__(self, name: str = "on-premises", user: str = "orders") -> None:
        self._user, self._password = user, random_password()
        self.broker = ActiveMQ(name, {user: self._password})
        super().__init__(name, [self.broker])

    @property
    def settings(self) -> ConnectionSettings:
        """What an application is configured with."""
        return ConnectionSettings(f"stomp://{LOOPBACK}:{self.broker.ports['stomp']}", self._user, self._password, "")

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
