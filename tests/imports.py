"""Which file of the project leads to which, tests and lessons included: read from the sources, nothing is run.

A file leads to what it imports anywhere, also in code that it keeps as text, and to modules that it names in strings, a
test to files too. A name that a package only hands on leads to where it lives as well. What imports by strings leads to
all that is in the packages that it names: so probes, myths and exercises are found here as they are found there.
"""

import ast
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

LESSONS = ("notebooks", "exercises", "solutions")
FOLDERS = ("labkit", "tests", *LESSONS)
IMPORT_IN_TEXT = re.compile(r"^\s*((?:from [\w.]+ )?import [\w., ]+)", re.MULTILINE)
BY_STRINGS = {"import_module", "iter_modules"}


class Leads:
    """For each file, as its path under the root, the files that it leads to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        paths = [path for folder in FOLDERS for path in (root / folder).rglob("*")]
        paths += root.iterdir()
        self.files = {path.relative_to(root).as_posix() for path in paths if _is_ours(path.relative_to(root), path)}
        self.trees = {file: tree for file in sorted(self.files) if (tree := self._parsed(file)) is not None}
        self.homes = {file: self._handed_on(tree) for file, tree in self.trees.items() if file.endswith("__init__.py")}
        self.of = {file: set(self._leads(file)) - {file} for file in sorted(self.files)}

    def distances(self, changed: Iterable[str]) -> dict[str, int]:
        """Every file that leads to a changed one, and in how many steps."""
        back: dict[str, list[str]] = {}
        for file, others in self.of.items():
            for other in others:
                back.setdefault(other, []).append(file)
        far = {one: 0 for file in changed for one in [file, *self._readers(file)]}
        todo = deque(far)
        while todo:
            here = todo.popleft()
            for file in back.get(here, ()):
                if file not in far:
                    far[file] = far[here] + 1
                    todo.append(file)
        return far

    def _readers(self, file: str) -> list[str]:
        """Who reads what is no module, as records and answers are: the modules of the nearest folder that has some."""
        if file.endswith((".py", ".ipynb")) and _can_be_imported(Path(file).with_suffix("")):
            return []
        for folder in filter(_can_be_imported, list(Path(file).parents)[:-1]):
            modules = [path.relative_to(self.root).as_posix() for path in sorted((self.root / folder).glob("*.py"))]
            if modules:
                return [one for one in modules if is_test(one)] or modules
        return []

    def _parsed(self, file: str) -> ast.Module | None:
        text = (self.root / file).read_text("utf-8") if file.endswith((".py", ".ipynb")) else ""
        if file.endswith(".ipynb"):
            cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
            text = "\n".join(re.sub(r"^[%!].*", "", "".join(cell["source"]), flags=re.MULTILINE) for cell in cells)
        return ast.parse(text) if text else None

    def _leads(self, file: str) -> Iterator[str]:
        yield from self._by_place(file)
        nodes = list(_run(self.trees[file])) if file in self.trees else []
        by_strings = any(isinstance(node, ast.Name) and node.id in BY_STRINGS for node in nodes)
        is_lazy = any(isinstance(node, ast.FunctionDef) and node.name == "__getattr__" for node in nodes)
        for node in nodes:
            led = set(self._node_leads(file, node)) if not (is_lazy and isinstance(node, ast.Constant)) else set()
            yield from led
            if by_strings and not is_lazy:
                yield from (inside for one in led if one.endswith("__init__.py") for inside in self._inside(one))

    def _by_place(self, file: str) -> Iterator[str]:
        """The packages that a module is in, the fixtures of a test's folders, the source of a notebook."""
        if file.endswith(".py"):
            for folder in list(Path(file).parents)[:-1]:
                yield from {f"{folder.as_posix()}/{name}" for name in ("conftest.py", "__init__.py")} & self.files
        if file.endswith(".ipynb"):
            folder = "notebooks" if file.startswith("notebooks/") else "solutions"
            yield from {f"{folder}/{Path(file).stem}.py"} & self.files

    def _node_leads(self, file: str, node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from self._module(alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from self._module(node.module)
            for alias in node.names:
                yield from self._name(node.module, alias.name)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield from self._name(node.value.id, node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from self._named(file, node.value)

    def _module(self, name: str) -> Iterator[str]:
        path = name.replace(".", "/")
        yield from {f"{path}.py", f"{path}/__init__.py"} & self.files

    def _name(self, package: str, name: str) -> Iterator[str]:
        yield from self._module(f"{package}.{name}")
        yield from self.homes.get(f"{package.replace('.', '/')}/__init__.py", {}).get(name, set())

    def _named(self, file: str, text: str) -> Iterator[str]:
        if "import " in text:
            for line in IMPORT_IN_TEXT.findall(text):
                with suppress(SyntaxError):
                    for node in ast.parse(line.strip()).body:
                        yield from self._node_leads(file, node)
        elif text and "\n" not in text:
            if file.startswith("tests/"):
                yield from {text, f"{Path(file).parent.as_posix()}/{text}"} & self.files
            yield from self._module(text.partition(":")[0])

    def _inside(self, package: str) -> set[str]:
        folder = package.removesuffix("__init__.py")
        return {file for file in self.files if file.startswith(folder) and folder.count("/") > 1}

    def _handed_on(self, tree: ast.Module) -> dict[str, set[str]]:
        """Where the names live that a package hands on, those that it loads at their first use included."""
        homes = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    itself = set(self._module(f"{node.module}.{alias.name}"))
                    homes[alias.asname or alias.name] = itself or set(self._module(node.module))
        return homes


def is_test(file: str) -> bool:
    """Whether pytest collects it."""
    return file.startswith("tests/") and Path(file).name.startswith("test_") and file.endswith(".py")


def _can_be_imported(path: Path) -> bool:
    return all(part.isidentifier() for part in path.parts) or path.parts[0] in LESSONS


def _is_ours(path: Path, place: Path) -> bool:
    hidden = any(part.startswith(".") or part == "__pycache__" for part in path.parts)
    return place.is_file() and not hidden


def _run(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that only a type checker sees."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        yield node
        yield from _run(node)
