"""An ActiveMQ broker in a process of its own: `python -P activemq_process.py`, settings as JSON on the first line.

Each further line is a question, answered by one line of JSON. It ends on SIGTERM and when its input ends. The Java
side logs to standard error, and starts neither JMX nor a web console.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
from typing import Any

# JPype 1.7.1 loads NumPy where it is installed, 0.2 s of computing for arrays that nobody here converts. A module that
# is None counts as not installed.
sys.modules["numpy"] = None  # type: ignore[assignment]
import jpype  # noqa: E402

MEMORY_BYTES = 64 << 20
STORE_BYTES = 1 << 30
JOURNAL_BYTES = 4 << 20


def main() -> None:
    """Start the broker; a standby waits in its start for the lock. Answer questions until the input ends."""
    # Java and its libraries print what they like: from here on that goes to the log, and answers have the output alone.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    settings = json.loads(sys.stdin.readline())
    start_java(settings)
    broker = configured(settings)
    signal.signal(signal.SIGTERM, lambda *_: end(broker))
    threading.Thread(target=start, args=(broker,), daemon=True).start()
    for line in sys.stdin:
        question = json.loads(line)
        answers.write(json.dumps({"number": question["number"], "answer": answered(broker, question)}) + "\n")
    end(broker)


def start_java(settings: dict[str, Any]) -> None:
    """Load Java into this process. What TLS needs is set here, never on a command line."""
    options = [*settings["options"], f"-Djdk.net.hosts.file={settings['hosts']}"]
    jpype.startJVM(settings["java"], *options, classpath=settings["jars"], convertStrings=True, interrupt=False)
    properties = java("java.lang.System")
    for name, value in settings["properties"].items():
        properties.setProperty(name, value)


def java(name: str) -> Any:
    """A Java class by its name."""
    return jpype.JClass(name)


def configured(settings: dict[str, Any]) -> Any:
    """The broker as its settings say it, not started."""
    broker = java("org.apache.activemq.broker.BrokerService")()
    broker.setBrokerName(settings["name"])
    broker.setUseJmx(False)
    broker.setUseShutdownHook(False)
    broker.setDataDirectory(settings["data"])
    broker.getSystemUsage().getMemoryUsage().setLimit(MEMORY_BYTES)
    broker.getSystemUsage().getStoreUsage().setLimit(STORE_BYTES)
    broker.getSystemUsage().getTempUsage().setLimit(STORE_BYTES)
    broker.setPersistenceAdapter(store(settings["data"]))
    plugins = java("org.apache.activemq.broker.BrokerPlugin")[1]
    plugins[0] = passwords(settings["users"])
    broker.setPlugins(plugins)
    for address in settings["connectors"]:
        # As an object: given as text it listens at once, and a standby would accept and never answer.
        connector = java("org.apache.activemq.broker.TransportConnector")()
        connector.setUri(java("java.net.URI")(address))
        broker.addConnector(connector)
    return broker


def store(folder: str) -> Any:
    """KahaDB with a lock on its folder: who holds it is the active broker. Looks for it every 300 ms."""
    kept = java("org.apache.activemq.store.kahadb.KahaDBPersistenceAdapter")()
    kept.setDirectory(java("java.io.File")(os.path.join(folder, "kahadb")))
    kept.setJournalMaxFileLength(JOURNAL_BYTES)
    kept.setLockKeepAlivePeriod(500)
    lock = java("org.apache.activemq.store.SharedFileLocker")()
    lock.setLockAcquireSleepInterval(300)
    kept.setLocker(lock)
    return kept


def passwords(users: dict[str, str]) -> Any:
    """Who may connect."""
    plugin = java("org.apache.activemq.security.SimpleAuthenticationPlugin")()
    plugin.setUserPasswords(table(users))
    plugin.setUserGroups(table({user: java("java.util.HashSet")() for user in users}))
    return plugin


def table(entries: dict[str, Any]) -> Any:
    """A dictionary as Java's map."""
    found = java("java.util.HashMap")()
    for key, value in entries.items():
        found.put(key, value)
    return found


def start(broker: Any) -> None:
    """Start, and end the process if that is impossible, so that nobody waits for it."""
    try:
        broker.start()
        broker.waitUntilStarted()
    except Exception as problem:
        print(problem, file=sys.stderr, flush=True)
        os._exit(1)


def end(broker: Any) -> None:
    """Stop the broker, then this process without asking Java again."""
    with contextlib.suppress(Exception):
        broker.stop()
    os._exit(0)


def answered(broker: Any, question: dict[str, Any]) -> Any:
    """The answer to a question; None, and a line in the log, where the broker cannot give one."""
    try:
        return answer(broker, question)
    except Exception as problem:
        print(f"{sorted(question)} failed: {problem!r}", file=sys.stderr, flush=True)
        return None


def answer(broker: Any, question: dict[str, Any]) -> Any:
    """The answer to `state`, `waiting` (messages by queue) or `bridge`."""
    if "waiting" in question:
        return waiting(broker, question["waiting"])
    if "bridge" in question:
        return bridge(broker, **question["bridge"])
    return "standby" if broker.isSlave() or not broker.isStarted() else "active"


def waiting(broker: Any, queue: str) -> int:
    """How many messages are in a queue, those in flight included; 0 for one that nobody has used."""
    name = java("org.apache.activemq.command.ActiveMQQueue")(queue)
    found = broker.getRegionBroker().getDestinationMap().get(name)
    return 0 if found is None else int(found.getDestinationStatistics().getMessages().getCount())


def bridge(broker: Any, address: str, user: str, users: dict[str, str]) -> bool:
    """Connect this broker with another one in both directions, while both run.

    The connector logs in as one user on both sides; `users` are all who may connect here from now on.
    """
    simple = broker.getBroker().getAdaptor(java("org.apache.activemq.security.SimpleAuthenticationBroker"))
    simple.setUserPasswords(table(users))
    simple.setUserGroups(table({name: java("java.util.HashSet")() for name in users}))
    connector = broker.addNetworkConnector(address)
    connector.setName("bridge")
    connector.setUserName(user)
    connector.setPassword(users[user])
    connector.setDuplex(True)
    broker.startNetworkConnector(connector, None)
    return True


if __name__ == "__main__":
    main()
