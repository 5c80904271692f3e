"""The `labkit` command: one line a command, each loaded only when it is asked for."""

import difflib
import importlib
import sys
from typing import NamedTuple


class Command(NamedTuple):
    """Where a command lives ("module:function", a function of the remaining words that returns the exit code)."""

    target: str
    summary: str


COMMANDS = {
    "open": Command("labkit.study.open_course:command", "[LESSON]  open the course in JupyterLab"),
    "claims": Command("labkit.probes.command:main", "[ID ...] [--json]  every claim: shown, cited or open"),
    "doctor": Command("labkit.doctor:command", "[--json]  what is installed, found, missing, and what to do"),
    "reset": Command("labkit.study.my_course:command", "LESSON  bring back a lesson as shipped, keeping yours"),
}


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0 done, 1 it found something wrong, 2 it was called wrongly."""
    words = sys.argv[1:] if arguments is None else arguments
    if not words or words[0] in ("-h", "--help", "help"):
        print(overview())
        return 0
    if words[0] not in COMMANDS:
        print(unknown(words[0]), file=sys.stderr)
        return 2
    module, function = COMMANDS[words[0]].target.split(":")
    try:
        return int(getattr(importlib.import_module(module), function)(words[1:]))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def overview() -> str:
    """The list of commands as `labkit --help` shows it."""
    lines = [f"  labkit {name} {command.summary}" for name, command in COMMANDS.items()]
    return "\n".join(["Usage: labkit COMMAND (or: python3 lab.py COMMAND)", "", *lines])


def unknown(name: str) -> str:
    """One sentence for a command that does not exist, naming the nearest one that does."""
    near = difflib.get_close_matches(name, COMMANDS, n=1)
    hint = f"did you mean `labkit {near[0]}`?" if near else f"there are: {', '.join(COMMANDS)}."
    return f"labkit has no command {name!r}; {hint}"


if __name__ == "__main__":
    sys.exit(main())
