"""What one RabbitMQ node reads when it starts: its configuration, its definitions and its environment."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from labkit.brokers.authority import authority
from labkit.brokers.places import LOOPBACK
from labkit.brokers.rabbitmq_found import Installed

PLUGINS = ("rabbitmq_management", "rabbitmq_shovel", "rabbitmq_shovel_management")
# Loopback only; two schedulers that sleep when idle, because three nodes share a learner's machine.
ERLANG = "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"
# Without this, each start of Erlang leaves a daemon epmd behind for ever; the cluster starts its own.
NO_DAEMON = "-start_epmd false"
TICKS_SECONDS = 10


class Ports(NamedTuple):
    """A node's ports on loopback: AMQP, the management API, and the one its neighbours use."""

    amqp: int
    api: int
    cluster: int


class NodeSettings(NamedTuple):
    """What the nodes of one RabbitMQ share."""

    names: tuple[str, ...]
    users: Mapping[str, str]
    hosts: tuple[str, ...]
    queue_type: str
    cookie: str
    epmd_port: int


def write(folder: Path, ports: Ports, settings: NodeSettings) -> None:
    """Write a node's files into its folder, which nobody else can read."""
    definitions = folder / "definitions.json"
    definitions.write_text(json.dumps(_definitions(settings)))
    lines = [*_listeners(folder, ports, settings), *_cluster(settings), f"load_definitions = {definitions}"]
    (folder / "rabbitmq.conf").write_text("\n".join([*lines, *ALWAYS, ""]))
    (folder / "enabled_plugins").write_text(f"[{','.join(PLUGINS)}].\n")
    (folder / "erlang.inetrc").write_text(f'{{lookup, [file]}}.\n{{hosts_file, "{folder / "hosts"}"}}.\n')
    know(folder, ())
    cookie = folder / ".erlang.cookie"
    cookie.unlink(missing_ok=True)
    cookie.touch(mode=0o600)
    cookie.write_text(settings.cookie)
    cookie.chmod(0o400)


def know(folder: Path, names: Sequence[str]) -> None:
    """Let a node know these host names as loopback; it asks no name server for any."""
    (folder / "hosts").write_text("".join(f"{LOOPBACK} {name}\n" for name in ("localhost", *names)))


ALWAYS = (
    "loopback_users = none",
    "log.console = true",
    "log.file = false",
    "vm_memory_high_watermark.absolute = 256MB",
    "disk_free_limit.absolute = 50MB",
)


def _listeners(folder: Path, ports: Ports, settings: NodeSettings) -> list[str]:
    """With host names, TLS and nothing else, as Amazon MQ; without, plain."""
    if not settings.hosts:
        plain = ["listeners.ssl = none", f"listeners.tcp.1 = {LOOPBACK}:{ports.amqp}"]
        return [*plain, f"management.tcp.ip = {LOOPBACK}", f"management.tcp.port = {ports.api}"]
    certificate, key = authority().issue(settings.hosts, folder).pem()
    files = {"cacertfile": authority().file, "certfile": certificate, "keyfile": key}
    lines = ["listeners.tcp = none", f"listeners.ssl.1 = {LOOPBACK}:{ports.amqp}", "ssl_options.verify = verify_none"]
    lines += [f"management.ssl.ip = {LOOPBACK}", f"management.ssl.port = {ports.api}"]
    for where in ("ssl_options", "management.ssl"):
        lines += [f"{where}.{name} = {path}" for name, path in files.items()]
    return lines


def _cluster(settings: NodeSettings) -> list[str]:
    """How nodes find each other. One that sees less than half of them pauses; what Amazon MQ sets is on no page."""
    if len(settings.names) == 1:
        return []
    nodes = enumerate(settings.names, 1)
    return [
        "cluster_formation.peer_discovery_backend = classic_config",
        *(f"cluster_formation.classic_config.nodes.{number} = {name}" for number, name in nodes),
        "cluster_partition_handling = pause_minority",
        f"net_ticktime = {TICKS_SECONDS}",
    ]


def _definitions(settings: NodeSettings) -> dict[str, object]:
    """Users with salted hashes instead of passwords, and the type of a queue that is declared without one."""
    kind = settings.queue_type
    allowed = {"configure": ".*", "write": ".*", "read": ".*", "vhost": "/"}
    return {
        "vhosts": [{"name": "/"} | ({"metadata": {"default_queue_type": kind}} if kind else {})],
        "users": [
            {"name": user, "tags": "administrator", "password_hash": _hash(password)}
            | {"hashing_algorithm": "rabbit_password_hashing_sha256"}
            for user, password in settings.users.items()
        ],
        "permissions": [{"user": user, **allowed} for user in settings.users],
    }


def _hash(password: str) -> str:
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def environment(name: str, folder: Path, ports: Ports, settings: NodeSettings, rabbitmq: Installed) -> dict[str, str]:
    """All that a node's process sees of the world; nothing of the learner's own settings for another RabbitMQ."""
    return {
        **erlang_environment(folder, settings.epmd_port, rabbitmq),
        "RABBITMQ_NODENAME": name,
        "RABBITMQ_DIST_PORT": str(ports.cluster),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "logs"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": ERLANG,
        # The start script then becomes the node instead of waiting beside it.
        "RUNNING_UNDER_SYSTEMD": "true",
    }


def erlang_environment(folder: Path, epmd_port: int, rabbitmq: Installed) -> dict[str, str]:
    """What each Erlang program needs: its home with the cookie, and the epmd of this RabbitMQ."""
    return {
        "HOME": str(folder),
        "PATH": rabbitmq.path,
        "LANG": "C.UTF-8",
        "TMPDIR": os.environ.get("TMPDIR", "/tmp"),
        "ERL_EPMD_PORT": str(epmd_port),
        "ERL_EPMD_ADDRESS": LOOPBACK,
        "ERL_ZFLAGS": NO_DAEMON,
        "ERL_INETRC": str(folder / "erlang.inetrc"),
        "ERL_CRASH_DUMP_SECONDS": "0",
    }
