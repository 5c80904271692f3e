"""`labkit serve`: starts the served lab, says how to use it, and stops it without leaving anything behind."""

from __future__ import annotations

import argparse
import logging
import math
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from labkit.aws.clients import ACCESS_KEY, REGION, SECRET_KEY
from labkit.aws.served import PORT
from labkit.aws.served.lab import ServedLab
from labkit.aws.served.server import Server
from labkit.rules import Faults
from labkit.words import error, say
from labkit.words import serve as words

FASTEST = 1_000
EXAMPLE_TIMEOUT = 30


def main(arguments: list[str]) -> int:
    """Serve until Ctrl-C or SIGTERM. Raises `LabError` for a port or a speed that cannot be had."""
    try:
        options = _parser().parse_args(arguments)
    except SystemExit as stopped:
        return int(stopped.code or 0)
    if not (math.isfinite(options.speed) and 0 < options.speed <= FASTEST):
        raise error(words.SPEED, given=options.speed, most=FASTEST)
    logging.getLogger("waitress").setLevel(logging.ERROR)
    faults = Faults.documented() if options.faults else None
    with ServedLab(seed=options.seed, speed=options.speed, faults=faults) as lab:
        server = Server(lab, options.port)
        with _stopping(server):
            print(_how_to_use(server.url, options.speed), flush=True)
            server.run()
    print(say(words.STOPPED), flush=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("labkit serve", description=say(words.USAGE))
    parser.add_argument("--port", type=int, default=PORT, metavar="N", help=say(words.PORT_MEANING, default=PORT))
    parser.add_argument("--speed", type=float, default=1, metavar="N", help=say(words.SPEED_MEANING, most=FASTEST))
    parser.add_argument("--seed", type=int, default=7, metavar="N", help=say(words.SEED_MEANING))
    parser.add_argument("--faults", action="store_true", help=say(words.FAULTS_MEANING))
    return parser


def _how_to_use(url: str, speed: float) -> str:
    text = say(words.STARTED, url=url, region=REGION, key=ACCESS_KEY, secret=SECRET_KEY)
    if speed == 1:
        return text
    return f"{text}\n{say(words.FASTER, speed=speed, seconds=EXAMPLE_TIMEOUT / speed)}"


@contextmanager
def _stopping(server: Server) -> Iterator[None]:
    """Within the `with`, Ctrl-C and SIGTERM let the server come to its end."""

    def stop(number: int, frame: FrameType | None) -> None:
        threading.Thread(target=server.stop, daemon=True).start()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
