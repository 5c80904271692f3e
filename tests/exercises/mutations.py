"""A solution with one part removed at a time: what protects it must be missed when it is gone."""

import ast
from collections.abc import Callable, Iterator

# What a call cannot do without; a key of an item is part of the work.
REQUIRED = {"QueueUrl", "ReceiptHandle", "MessageBody", "TableName", "Key", "Item", "Entries", "QueueName"}
Change = Callable[[], None]


def mutations(source: str) -> Iterator[tuple[str, str]]:
    """Each part that can be removed, as it is written, and the source without it."""
    for number, (part, _) in enumerate(_removals(ast.parse(source))):
        tree = ast.parse(source)
        list(_removals(tree))[number][1]()
        yield part, ast.unparse(ast.fix_missing_locations(tree))


def _removals(tree: ast.Module) -> Iterator[tuple[str, Change]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _keywords(node)
        if isinstance(node, (ast.While, ast.If, ast.IfExp)) and not isinstance(node.test, ast.Constant):
            word = "while" if isinstance(node, ast.While) else "if"
            yield f"{word} {ast.unparse(node.test)}", _set(node, "test", ast.Constant(True))
        for name in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(node, name, []))


def _keywords(call: ast.Call) -> Iterator[tuple[str, Change]]:
    for keyword in call.keywords:
        if keyword.arg not in REQUIRED:
            rest = [one for one in call.keywords if one is not keyword]
            yield ast.unparse(keyword), _set(call, "keywords", rest)


def _statements(body: object) -> Iterator[tuple[str, Change]]:
    for place, one in enumerate(body if isinstance(body, list) else []):
        if isinstance(one, ast.Try):
            yield from _handlers(one)
            yield "try", _replace(body, place, one.body)
        elif isinstance(one, (ast.Continue, ast.Break, ast.Return)) or _is_call(one):
            yield ast.unparse(one), _replace(body, place, [ast.Pass()])


def _handlers(guarded: ast.Try) -> Iterator[tuple[str, Change]]:
    for handler in guarded.handlers:
        if isinstance(handler.type, ast.Tuple):
            for kind in handler.type.elts:
                rest = ast.Tuple([one for one in handler.type.elts if one is not kind], ast.Load())
                yield f"except {ast.unparse(kind)}", _set(handler, "type", rest)
        elif len(guarded.handlers) > 1:
            rest = [one for one in guarded.handlers if one is not handler]
            yield f"except {ast.unparse(handler.type)}" if handler.type else "except", _set(guarded, "handlers", rest)


def _is_call(statement: ast.AST) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)


def _set(node: ast.AST, name: str, value: object) -> Change:
    return lambda: setattr(node, name, value)


def _replace(body: list[ast.stmt], place: int, by: list[ast.stmt]) -> Change:
    return lambda: body.__setitem__(slice(place, place + 1), by)
