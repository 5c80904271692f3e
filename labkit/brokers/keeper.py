"""Keeps one broker's process, or the folder of all of them, and ends or removes it when the lab's process is gone.

Runs alone (`python -I -S keeper.py`), standard library only, in a session of its own. Its first line of input is JSON:
`{"folder": ...}`, or `command`, `environment`, `log` and `first_line`, which the broker reads on its own input, so that
no secret stands in a command line. Then one word a line: KILL, FREEZE, THAW, STOP; a line that begins with TELL is
passed on to the broker. The broker's answers go to the keeper's output.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from typing import Any

PATIENCE = 10.0
LOOKS_EVERY = 0.1
PARENT = os.getppid()
GONE = ""
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


def main() -> int:
    """Keep what the first line says; returns the broker's exit code."""
    order = json.loads(sys.stdin.buffer.readline())
    words: queue.Queue[str] = queue.Queue()
    threading.Thread(target=listen, args=(words,), daemon=True).start()
    return keep_folder(order["folder"], words) if "folder" in order else keep_broker(start(order), words)


def keep_broker(broker: subprocess.Popen[bytes], words: queue.Queue[str]) -> int:
    """Obey until the broker has ended; end it when the lab is gone."""
    while broker.poll() is None and obey(broker, next_word(words)):
        pass
    end(broker, KILL)
    return broker.returncode


def keep_folder(folder: str, words: queue.Queue[str]) -> int:
    """Remove the folder when the lab is gone; brokers that end just then may still write into it."""
    while next_word(words) != GONE:
        pass
    until = time.monotonic() + PATIENCE
    while os.path.exists(folder) and time.monotonic() < until:
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(LOOKS_EVERY)
    return 0


def start(order: dict[str, Any]) -> subprocess.Popen[bytes]:
    """Start the broker at the head of a process group of its own; what it says for people goes to its log."""
    with open(order["log"], "ab") as log:
        broker = subprocess.Popen(
            order["command"], env=order["environment"], stdin=subprocess.PIPE, stderr=log, start_new_session=True
        )
    tell(broker, order["first_line"])
    return broker


def listen(words: queue.Queue[str]) -> None:
    """Put each line of input into the queue, and an empty word when there will be no more."""
    for line in sys.stdin.buffer:
        words.put(line.decode().rstrip("\n"))
    words.put(GONE)


def next_word(words: queue.Queue[str]) -> str | None:
    """The next word, or None if none came within a moment; GONE also if a copy of the lab holds the input open."""
    if os.getppid() != PARENT:
        return GONE
    try:
        return words.get(timeout=LOOKS_EVERY)
    except queue.Empty:
        return None


def obey(broker: subprocess.Popen[bytes], word: str | None) -> bool:
    """Do what the lab wants; returns False when the lab is gone."""
    if word == GONE:
        return False
    if word == "STOP":
        end(broker, signal.SIGTERM)
    elif word in SIGNALS:
        send(broker, SIGNALS[word])
    elif word is not None and word.startswith("TELL "):
        tell(broker, word[5:])
    return True


SIGNALS = {"KILL": KILL} if os.name == "nt" else {"KILL": KILL, "FREEZE": signal.SIGSTOP, "THAW": signal.SIGCONT}


def tell(broker: subprocess.Popen[bytes], line: str) -> None:
    """Write a line to the broker's input; one that is ending does not listen any more."""
    assert broker.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        broker.stdin.write(line.encode() + b"\n")
        broker.stdin.flush()


def end(broker: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """End the broker's whole process group: as asked, and by force if that takes too long."""
    send(broker, how)
    until = time.monotonic() + PATIENCE
    while broker.poll() is None:
        if time.monotonic() > until:
            send(broker, KILL)
        time.sleep(0.01)


def send(broker: subprocess.Popen[bytes], which: int) -> None:
    """Send a signal to the broker and all that it has started, as long as any of it is there."""
    if os.name == "nt":
        broker.terminate()
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(broker.pid, which)


if __name__ == "__main__":
    # Without Python's own end, which waits a second for the thread that still listens, and then aborts.
    os._exit(main() & 0xFF)
