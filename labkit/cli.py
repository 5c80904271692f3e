"""The `labkit` command: one line a command, each loaded only when it is asked for."""

import difflib
import importlib
import os
import sys
from collections.abc import Callable
from typing import NamedTuple

from labkit.words import LabError, say
from labkit.words import course as words
from labkit.words import endpoint as endpoint_words
from labkit.words import serve as serve_words


class Command(NamedTuple):
    """What a command does, and where: "module:function", given the remaining arguments, returning the exit code."""

    target: str
    summary: str


COMMANDS = {
    "open": Command("labkit.study.course.open_course:command", words.OPEN),
    "claims": Command("labkit.probes.command:main", words.CLAIMS),
    "doctor": Command("labkit.doctor:command", words.DOCTOR),
    "check": Command("labkit.study.check_command:main", words.CHECK),
    "progress": Command("labkit.study.course.progress:main", words.PROGRESS),
    "reset": Command("labkit.study.course.my_course:command", words.RESET_SUMMARY),
    "serve": Command("labkit.aws.served.command:main", serve_words.SUMMARY),
    "cleanup": Command("labkit.aws.endpoint.cleanup:main", endpoint_words.SUMMARY),
    "build": Command("labkit.builder.command:main", words.BUILD),
}


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns 0, 1 where it found something wrong, 2 where it could not do what was asked."""
    try:
        code = dispatch(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
        return code
    except LabError as problem:
        print(problem, file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read the output, `head` for example, has enough; Python must not complain when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as problem:
        print(say(words.CANNOT_WRITE, path=problem.filename, reason=problem.strerror), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def dispatch(given: list[str]) -> int:
    """Runs the command that the first word names; raises LabError for one that does not exist."""
    if not given or given[0] in ("-h", "--help", "help"):
        print(overview())
        return 0
    if given[0] not in COMMANDS:
        raise LabError(unknown(given[0]))
    if given[1:] in (["-h"], ["--help"]):
        print(line(given[0]))
        return 0
    return load(given[0])(given[1:])


def load(name: str) -> Callable[[list[str]], int]:
    """The function behind a command."""
    module, _, function = COMMANDS[name].target.partition(":")
    found: Callable[[list[str]], int] = getattr(importlib.import_module(module), function)
    return found


def overview() -> str:
    """The list of commands as `labkit --help` shows it."""
    return "\n".join([say(words.USAGE), "", *map(line, COMMANDS)])


def line(name: str) -> str:
    """One command's arguments and meaning."""
    return f"  labkit {name:9}{say(COMMANDS[name].summary)}"


def unknown(name: str) -> str:
    """One sentence for a command that does not exist, naming the nearest one that does."""
    near = difflib.get_close_matches(name, COMMANDS, n=1)
    hint = say(words.DID_YOU_MEAN, name=near[0]) if near else say(words.THERE_ARE, names=", ".join(COMMANDS))
    return say(words.NO_COMMAND, given=name, hint=hint)


if __name__ == "__main__":
    sys.exit(main())
