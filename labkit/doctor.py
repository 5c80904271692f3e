"""`labkit doctor`: what is installed, found and missing here, and what to do about each."""

import shutil
from typing import NamedTuple


class Program(NamedTuple):
    """A program that the course uses when it is there: its names on the PATH, what it is for, how to get it."""

    name: str
    commands: tuple[str, ...]
    needed_for: str
    cure: str

    def path(self) -> str | None:
        """Where it is, or None. Debian keeps servers in /usr/sbin, which a user's PATH may leave out."""
        places = (None, "/usr/sbin:/usr/local/sbin")
        found = (shutil.which(command, path=place) for command in self.commands for place in places)
        return next((path for path in found if path), None)


OPTIONAL_PROGRAMS = (
    Program(
        "Chromium",
        ("chromium", "chromium-browser", "google-chrome", "chrome"),
        "the browser test cannot run",
        "Debian: apt-get install chromium",
    ),
    Program(
        "RabbitMQ",
        ("rabbitmq-server",),
        "what is said about RabbitMQ cannot be run",
        "Debian: apt-get install rabbitmq-server; conda: conda install -c conda-forge rabbitmq-server",
    ),
)
