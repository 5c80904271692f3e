"""What an answer's exception means, in words, with the learner's own line."""

from __future__ import annotations

import difflib
import linecache
import re
from enum import Enum, auto
from types import FrameType
from typing import NamedTuple

from botocore.client import BaseClient
from botocore.exceptions import ClientError, ParamValidationError

from labkit.jupyter import own_frames
from labkit.study.performing import ReportedCrash
from labkit.words import LabError, say, told
from labkit.words import check as words
from labkit.words.time import INSTEAD_THREAD

ASKED_FOR = {  # the parameter of a receive without which a message has no such key
    "Attributes": "MessageSystemAttributeNames",
    "MessageAttributes": "MessageAttributeNames",
}
KEYS = ("Messages", "MessageId", "ReceiptHandle", "Body", "Attributes", "MessageAttributes", "MD5OfBody")
WRONG_TYPE = re.compile(
    r"Invalid type for parameter (.+), value: (.*), type: <class '(\w+)'>, valid types: <class '(\w+)'>.*"
)
EXPIRED = "The receipt handle has expired"
NOT_THERE = "does not exist or is not available"
IDENTITY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Stopped(Enum):
    """What ended an answer."""

    LAB = auto()  # labkit refused something
    CALLED_AS = auto()  # the check could not call the function
    REFUSED = auto()  # AWS refused a call
    NO_RECEIPT = auto()  # something else than a receipt handle was given as one
    EXPIRED = auto()  # a FIFO queue's receipt handle, whose visibility timeout has ended
    GONE = auto()  # the message whose timeout was to be changed is gone
    PARAMETERS = auto()  # boto3 did not send the call
    NAME = auto()
    ATTRIBUTE = auto()
    NOT_ASKED_FOR = auto()  # a message's attributes, which the receive did not ask for
    NO_MESSAGES = auto()  # the key Messages of an empty answer
    KEY = auto()
    EXIT = auto()
    OTHER = auto()


class Crash(NamedTuple):
    """An answer's end by an exception: the learner's line, its number in the cell, what to know about it, its code."""

    line: str
    number: int
    told: str
    code: Stopped


def crash(failure: BaseException, signature: str) -> Crash:
    """Tell an exception in words; `signature` is how the check called the answer."""
    if isinstance(failure, ReportedCrash):
        return Crash(failure.line, failure.number, failure.told, Stopped[failure.code])
    frames = own_frames(failure.__traceback__)
    if frames is None and isinstance(failure, LabError):
        return Crash("", 0, str(failure), Stopped.LAB)
    if frames is None:
        return Crash("", 0, say(words.CALLED_AS, signature=signature, text=failure), Stopped.CALLED_AS)
    while frames.tb_next is not None:
        frames = frames.tb_next
    line = linecache.getline(frames.tb_frame.f_code.co_filename, frames.tb_lineno).strip()
    return Crash(line, frames.tb_lineno, _told(failure, frames.tb_frame), _code(failure))


def is_not_attempted(failure: BaseException) -> bool:
    """Whether the answer still ends in the line that says so."""
    if isinstance(failure, ReportedCrash):
        return failure.is_not_attempted
    return type(failure) is NotImplementedError and not failure.args


def _code(failure: BaseException) -> Stopped:
    if isinstance(failure, ClientError):
        return _code_of_aws(failure.response["Error"]["Code"], failure.response["Error"]["Message"])
    if isinstance(failure, KeyError) and failure.args:
        kinds_of_key = {"Messages": Stopped.NO_MESSAGES, **dict.fromkeys(ASKED_FOR, Stopped.NOT_ASKED_FOR)}
        return kinds_of_key.get(str(failure.args[0]), Stopped.KEY)
    kinds: tuple[tuple[type[BaseException], Stopped], ...] = (
        (LabError, Stopped.LAB),
        (ParamValidationError, Stopped.PARAMETERS),
        (NameError, Stopped.NAME),
        (AttributeError, Stopped.ATTRIBUTE),
        (SystemExit, Stopped.EXIT),
    )
    return next((code for kind, code in kinds if isinstance(failure, kind)), Stopped.OTHER)


def _code_of_aws(code: str, text: str) -> Stopped:
    if code == "ReceiptHandleIsInvalid":
        return Stopped.NO_RECEIPT
    if code == "InvalidParameterValue":
        kinds = {NOT_THERE: Stopped.GONE, EXPIRED: Stopped.EXPIRED}
        return next((kind for part, kind in kinds.items() if part in text), Stopped.REFUSED)
    return Stopped.REFUSED


def _told(failure: BaseException, frame: FrameType) -> str:
    if isinstance(failure, LabError):
        values = failure.told.values if failure.told else {}
        return say(words.NO_THREADS) if values.get("instead") == told(INSTEAD_THREAD) else str(failure)
    if isinstance(failure, ClientError):
        return _refused(failure)
    if isinstance(failure, ParamValidationError):
        return say(words.PARAMETERS, text="; ".join(map(_parameter, str(failure).splitlines()[1:])))
    if isinstance(failure, NameError):
        return say(words.NAME, name=failure.name, close=_close(failure.name, [*frame.f_locals, *frame.f_globals]))
    if isinstance(failure, AttributeError):
        kind = type(failure.obj).__name__ + (" client" if isinstance(failure.obj, BaseClient) else "")
        return say(words.ATTRIBUTE, kind=kind, name=failure.name, close=_close(failure.name, dir(failure.obj)))
    if isinstance(failure, KeyError) and failure.args:
        return _missing_key(failure.args[0])
    if isinstance(failure, SystemExit):
        return say(words.EXIT)
    return say(words.OTHER, kind=type(failure).__name__, text=str(failure).removesuffix("."))


def _parameter(line: str) -> str:
    wrong_type = WRONG_TYPE.fullmatch(line)
    if wrong_type is None:
        return line
    name, value, given, wanted = wrong_type.groups()
    value = repr(value) if given == "str" else value
    return say(words.TYPE, name=name, value=value, wanted=say(words.TYPES.get(wanted, wanted)))


def _refused(failure: ClientError) -> str:
    details = failure.response["Error"]
    code, text, operation = details["Code"], details["Message"], failure.operation_name
    if code == "ReceiptHandleIsInvalid":
        given = re.search(r'"(.*)"', text)
        sentence = words.ID_FOR_HANDLE if given and IDENTITY.fullmatch(given[1]) else words.NO_HANDLE
        return say(sentence, operation=operation)
    known = _code_of_aws(code, text)
    if known is Stopped.GONE:
        return say(words.GONE)
    if known is Stopped.EXPIRED:
        return say(words.EXPIRED, operation=operation)
    return say(words.REFUSED, operation=operation, code=code, text=text)


def _missing_key(key: object) -> str:
    if key == "Messages":
        return say(words.NO_MESSAGES)
    if key == "Attributes":
        return say(words.ATTRIBUTES_NOT_ASKED_FOR)
    if str(key) in ASKED_FOR:
        return say(words.NOT_ASKED_FOR, key=key, parameter=ASKED_FOR[str(key)])
    return say(words.KEY, key=key, close=_close(str(key), list(KEYS)))


def _close(name: str | None, known: list[str]) -> str:
    near = difflib.get_close_matches(name or "", [one for one in known if not one.startswith("_")], 2)
    return say(words.MEANT, names=" or ".join(f"`{one}`" for one in near)) if near else ""
