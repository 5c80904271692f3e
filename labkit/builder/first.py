"""What a learner gets first: in which code cell something is shown, and in which AWS is really called."""

import ast
from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session
from botocore import xform_name

Function = ast.FunctionDef | ast.AsyncFunctionDef


def first_output(code: list[Any]) -> int | None:
    """The number of the first code cell that shows anything; None for a notebook that shows nothing."""
    return next((number for number, cell in enumerate(code, start=1) if cell.outputs), None)


def first_call(code: list[Any]) -> int | None:
    """The number of the first code cell that calls AWS, itself or by a function of the notebook; None without one."""
    trees = [ast.parse(cell.source) for cell in code]
    calls = {name for tree in trees for service in _services(tree) for name in _operations(service)}
    functions: dict[str, set[str]] = {}
    for number, tree in enumerate(trees, start=1):
        functions |= {node.name: set(_names(node)) for node in ast.walk(tree) if isinstance(node, Function)}
        run = {name for node in tree.body if not isinstance(node, Function) for name in _names(node)}
        if _reached(run, functions) & calls:
            return number
    return None


def _reached(names: set[str], functions: dict[str, set[str]]) -> set[str]:
    """These names, and what the functions among them name in turn."""
    known: set[str] = set()
    while names - known:
        new = names - known
        known |= new
        names = {inner for name in new for inner in functions.get(name, ())}
    return known


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def _services(tree: ast.AST) -> set[str]:
    """The services for which the code asks a client by name: `lab.client("sqs")`."""
    made = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    asked = [node.args[0] for node in made if isinstance(node.func, ast.Attribute) and node.func.attr == "client"]
    return {node.value for node in asked if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@cache
def _operations(service: str) -> frozenset[str]:
    """A client's methods: `send_message` for SendMessage."""
    model = botocore.session.get_session().get_service_model(service)
    return frozenset(xform_name(name) for name in model.operation_names)
