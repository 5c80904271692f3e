"""What a learner may give to a lab, and one clear sentence for everything else."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

import botocore.session

from labkit.aws.adapters import adapters
from labkit.clock.length import instant, length, moment
from labkit.clock.switch import switch
from labkit.rules import Faults
from labkit.words import error, say
from labkit.words import lab as words
from labkit.words import time as time_words

Until = str | float | timedelta | datetime | Callable[[], object] | None


def check_account(account: object) -> None:
    """Raise `LabError` for an account id that is not twelve digits as text."""
    if account is not None and not (isinstance(account, str) and re.fullmatch(r"\d{12}", account)):
        raise error(words.NOT_AN_OPTION, where="lab.client", name="account", given=account, expected=say(words.ACCOUNT))


def check_region(region: object) -> None:
    """Raise `LabError` for what is not the name of a region."""
    if region is not None and not (isinstance(region, str) and region in _regions()):
        raise error(words.NOT_AN_OPTION, where="lab.client", name="region", given=region, expected=say(words.REGION))


@cache
def _regions() -> frozenset[str]:
    session = botocore.session.get_session()
    partitions = session.get_available_partitions()
    return frozenset(name for one in partitions for name in session.get_available_regions("ec2", one))


def check_in_cell(what: str) -> None:
    """Raise `LabError` inside an actor, or in another thread than that of the open labs."""
    actor = switch.actor()
    if actor is not None:
        raise error(words.IN_ACTOR, what=what, name=actor.name)
    switch.check_thread()


def check_options(seed: object, start: object, faults: object, rules: object) -> None:
    """Raise `LabError` for an option that a lab cannot use."""
    if not isinstance(seed, int) or isinstance(seed, bool):
        raise error(words.NOT_AN_OPTION, where="Lab", name="seed", given=seed, expected=say(words.SEED))
    if not isinstance(start, datetime) or start.tzinfo is None:
        raise error(words.NOT_AN_OPTION, where="Lab", name="start", given=start, expected=say(words.START))
    if faults is not None and not isinstance(faults, Faults):
        raise error(words.NOT_AN_OPTION, where="Lab", name="faults", given=faults, expected=say(words.FAULTS))
    if rules is not None and not _are_rules(rules):
        raise error(words.NOT_AN_OPTION, where="Lab", name="rules", given=rules, expected=say(words.RULES))


def _are_rules(rules: object) -> bool:
    return isinstance(rules, dict) and all(
        service in adapters() and isinstance(kind, type) for service, kind in rules.items()
    )


def runs_when_called(function: Callable[..., object]) -> bool:
    """Whether a call runs the function to its end: not so for a generator or an async one."""
    kinds = (inspect.isgeneratorfunction, inspect.iscoroutinefunction, inspect.isasyncgenfunction)
    return not any(kind(form) for kind in kinds for form in (function, type(function).__call__))


def check_function(function: object, args: tuple[object, ...], name: object) -> None:
    """Raise `LabError` for what cannot be started: no ordinary function, other arguments, or no name."""
    if not callable(function):
        raise error(time_words.NOT_CALLABLE, given=function)
    if name is not None and not (isinstance(name, str) and name):
        raise error(time_words.NAME, given=name)
    called = getattr(function, "__name__", type(function).__name__)
    if not runs_when_called(function):
        raise error(time_words.GENERATOR, name=called)
    reason = _unfit(function, args)
    if reason is not None:
        count = say(time_words.ONE_ARGUMENT if len(args) == 1 else time_words.MANY_ARGUMENTS, count=len(args))
        raise error(time_words.ARGUMENTS, name=called, count=count, reason=reason)


def _unfit(function: Callable[..., object], args: tuple[object, ...]) -> str | None:
    """Why the function cannot be called with these arguments, or None."""
    try:
        inspect.signature(function).bind(*args)
    except TypeError as unfit:
        return str(unfit)
    except ValueError:  # a built-in function that does not say what it takes
        return None
    return None


def read_until(until: Until, now: int) -> tuple[int | None, Callable[[], bool] | None]:
    """Return the end of a run in microseconds, or the function that tells when it ends. Raises `LabError`."""
    if until is None:
        return None, None
    if isinstance(until, datetime):
        end = instant(until)
        if end < now:
            raise error(time_words.PAST, now=moment(now), given=until)
        return end, None
    if callable(until):
        if _unfit(until, ()) is not None:
            raise error(time_words.PREDICATE, name=getattr(until, "__name__", until))
        return None, lambda: bool(until())
    if isinstance(until, (str, int, float, timedelta)):
        return now + length(until), None
    raise error(time_words.UNTIL, given=until)
