"""The `aws ...` lines in the lessons' text, and what botocore's own models say of them."""

import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import botocore.session
from botocore import xform_name

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"
SHELL = re.compile(r"^# ```(?:bash|sh|console)\n(.*?)^# ```", re.MULTILINE | re.DOTALL)
GLOBAL = {
    "--endpoint-url", "--region", "--output", "--query", "--profile", "--no-cli-pager", "--cli-input-json",
    "--cli-binary-format",
}  # fmt: skip
# The CLI's own names, where the API's would mean something else there.
RENAMED = {("sns", "subscribe", "--notification-endpoint"): "--endpoint"}


class Line(NamedTuple):
    """One command of the AWS CLI and the lesson that shows it."""

    lesson: str
    text: str


def lines():
    """Every command of the AWS CLI in the lessons' shell blocks, in order."""
    found = []
    for path in sorted(NOTEBOOKS.glob("[0-9]*_*.py")):
        for block in SHELL.findall(path.read_text("utf-8")):
            text = re.sub(r"^# ?", "", block, flags=re.MULTILINE).replace("\\\n", " ")
            commands = [part.strip() for line in text.splitlines() for part in line.split("&&")]
            found += [Line(path.name.partition("_")[0], command) for command in commands if command.startswith("aws ")]
    return found


def problem(text):
    """What is wrong with a command by botocore's models, or None."""
    _, service, operation, *options = shlex.split(text)
    session = botocore.session.get_session()
    if service not in session.get_available_services():
        return f"there is no service {service}"
    model = session.get_service_model(service)
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    if operation == "wait":
        waiters = session.get_waiter_model(service)
        operations = {xform_name(name, "-"): waiters.get_waiter(name).operation for name in waiters.waiter_names}
        operation, *options = options
    if operation not in operations:
        return f"{service} has no operation {operation}"
    options = [RENAMED.get((service, operation, option), option) for option in options]
    return _problem_of(model.operation_model(operations[operation]).input_shape, options)


def _problem_of(shape, options):
    members = {"--" + xform_name(name, "-"): name for name in (shape.members if shape else {})}
    given = {option for option in options if option.startswith("--")} - GLOBAL
    meant = {option: members.get(option.replace("--no-", "--")) for option in given}
    unknown = [option for option, member in meant.items() if member is None]
    if unknown:
        return f"no option {unknown[0]}"
    missing = set(shape.required_members) - set(meant.values())
    if missing:
        return f"it lacks {sorted(missing)[0]}"
    for option, value in pairwise(options):
        kind = shape.members[members[option]].type_name if option in members else None
        if kind in ("integer", "long") and not (value.startswith("$") or value.isdigit()):
            return f"{option} is a number, not {value}"
    return None
