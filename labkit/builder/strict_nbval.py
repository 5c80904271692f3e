"""pytest plugin: `pytest --nbval PATH` compares every cell of every notebook with what it stores, and ignores nothing.

nbval runs the cells; this makes it strict: a notebook that asks for an exception to the rule, or couldn't be compared,
is refused by its cell; outputs are compared whole and in order. With xdist use `-n 2 --dist loadscope`.
`--notebook-sections` runs each section alone with the import cells, `--notebook-shuffle SEED` all in another order.
A whole notebook runs in a kernel as a learner starts it; so does the rest, or in one forked from a process that has
imported the module that `--fork-kernels-from` names.
"""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from labkit.brokers.engines import why_not_run
from labkit.builder.in_ci import in_ci, not_run
from labkit.builder.refusals import refusals
from labkit.builder.sections import sections
from labkit.jupyter.forked_kernels import Nursery, can_fork
from labkit.jupyter.nbval_speed import QuickKernel, format_no_messages

# The build allows a cell a minute; here other programs may keep the machine busy, and only what hangs is stopped.
SECONDS_A_CELL = 300
SECONDS_FOR_OUTPUT = 60
# How xdist may share out the work: by runs of cells, each with its kernel, or by notebooks.
KEEPS_TOGETHER = ("loadscope", "loadfile")
NOT_RUN = "not run"
WHOLE = "whole"
WEAKENING_OPTIONS = ("nbval_lax", "nbval_sanitize_with", "sanitize_with", "nbdime", "nbval_kernel_name")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("notebooks", "strict notebooks")
    group.addoption("--notebook-sections", action="store_true", help="run each section alone, after a restart")
    group.addoption("--notebook-shuffle", type=int, metavar="SEED", help="run the sections in a seeded random order")
    group.addoption("--fork-kernels-from", metavar="MODULE", help="fork those from a process that has imported this")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Take over from nbval's own collection, refuse options that would compare less, and set the time-out."""
    options = config.option
    weak = [name for name in WEAKENING_OPTIONS if getattr(options, name, None)]
    if weak:
        raise pytest.UsageError(f"--{weak[0].replace('_', '-')} compares less: notebooks are tested strictly here")
    options.strict_notebooks, options.nbval = options.nbval, False
    if _runs_notebooks(options) and getattr(options, "numprocesses", None) and options.dist not in KEEPS_TOGETHER:
        raise pytest.UsageError("cells of one run need one worker: add --dist loadscope")
    options.nbval_current_env, options.nbval_cell_timeout = True, min(options.nbval_cell_timeout, SECONDS_A_CELL)
    format_no_messages()
    config.stash[KERNELS] = Kernels(options.fork_kernels_from if can_fork else None)
    config.add_cleanup(config.stash[KERNELS].close)
    config.pluginmanager.register(_Count(), "notebook_count")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "Notebook | None":
    if file_path.suffix == ".ipynb" and _runs_notebooks(parent.config.option):
        return Notebook.from_parent(parent, path=file_path)
    return None


def _runs_notebooks(options: Any) -> bool:
    return options.strict_notebooks or options.notebook_sections or options.notebook_shuffle is not None


class Kernels:
    """Starts the kernels of one pytest process; what forks them is started when the first is wanted."""

    def __init__(self, prepared: str | None) -> None:
        self.prepared = prepared
        self.nursery: Nursery | None = None

    def start(self, folder: str, fresh: bool) -> QuickKernel:
        if fresh or self.prepared is None:
            return QuickKernel(folder)
        self.nursery = self.nursery or Nursery(self.prepared)
        return QuickKernel(folder, self.nursery)

    def close(self) -> None:
        if self.nursery is not None:
            self.nursery.close()


KERNELS = pytest.StashKey[Kernels]()


class Notebook(pytest.File):
    """One notebook: refused as a whole, or collected as the runs that the options ask for."""

    def collect(self) -> Iterator["NotebookRun | NotRun"]:
        cells = nbformat.read(self.path, as_version=4).cells
        problems = refusals(cells)
        if problems:
            raise self.CollectError("\n".join(f"{self.path.name} {problem}" for problem in problems))
        reason = why_not_run(cells)
        if reason:
            yield NotRun.from_parent(self, name=NOT_RUN, reason=reason)
            return
        self.numbers = {cell.id: number for number, cell in enumerate(cells)}
        parts, options = sections(cells), self.config.option
        if options.strict_notebooks:
            yield self._run(WHOLE, cells)
        if options.notebook_sections:
            for part in parts[1:]:
                # A notebook of one section is run alone already when it is run whole.
                if any(map(_is_code, part)) and not (options.strict_notebooks and _is_all_code(parts[0] + part, cells)):
                    yield self._run(part[0].source.splitlines()[0].lstrip("# "), parts[0] + part)
        if options.notebook_shuffle is not None:
            later = random.Random(options.notebook_shuffle).sample(parts[1:], len(parts) - 1)
            yield self._run("shuffled", [cell for part in [parts[0], *later] for cell in part])

    def _run(self, name: str, cells: list[Any]) -> "NotebookRun":
        return NotebookRun.from_parent(self, path=self.path, name=name, nodeid=f"{self.nodeid}::{name}", cells=cells)


def _is_code(cell: Any) -> bool:
    return bool(cell.cell_type == "code")


def _is_all_code(part: list[Any], cells: list[Any]) -> bool:
    return [cell.id for cell in part if _is_code(cell)] == [cell.id for cell in cells if _is_code(cell)]


class NotRun(pytest.Item):
    """A notebook that needs a broker which cannot run here: skipped with its reason, and in CI a failure."""

    def __init__(self, *, reason: str, **how: Any) -> None:
        super().__init__(**how)
        self.reason = reason

    def runtest(self) -> None:
        if in_ci():
            pytest.fail(not_run(self.reason), pytrace=False)
        pytest.skip(self.reason)


class NotebookRun(IPyNbFile):
    """Some cells of a notebook, in order, in one fresh kernel."""

    def __init__(self, *, cells: list[Any], **how: Any) -> None:
        super().__init__(**how)
        self.cells = cells

    def collect(self) -> Iterator["Cell"]:
        for cell in self.cells:
            if _is_code(cell):
                expects_error = "raises-exception" in cell.metadata.get("tags", [])
                options = {"check": True, "check_exception": expects_error, "skip": False}
                yield Cell.from_parent(
                    self, name=cell.id, cell_num=self.parent.numbers[cell.id], cell=cell, options=options
                )

    def setup(self) -> None:
        kernels = self.config.stash[KERNELS]
        self.kernel = kernels.start(str(self.path.parent), fresh=self.name == WHOLE)


class Cell(IPyNbCell):
    """A cell that passes only when all its outputs are the stored ones, in the stored order."""

    def __init__(self, *arguments: Any, **how: Any) -> None:
        super().__init__(*arguments, **how)
        self.output_timeout = SECONDS_FOR_OUTPUT

    def runtest(self) -> None:
        self.parent.kernel.kc.session.metadata = {"cellId": self.cell.id}
        super().runtest()

    def compare_outputs(self, test: list[Any], ref: list[Any], skip_compare: Any = None) -> bool:
        self.user_properties.append(("cell compared in", str(self.path)))
        if not super().compare_outputs(test, ref, skip_compare):
            return False
        stored, now = [_comparable(one) for one in ref], [_comparable(one) for one in test]
        if stored != now:
            pair = next((pair for pair in zip(stored, now, strict=True) if pair[0] != pair[1]), (stored, now))
            self.format_output_compare("outputs", str(pair[0]), str(pair[1]))
        return stored == now


def _comparable(output: Any) -> dict[str, Any]:
    """What both the stored and the new output say: their kind, stream name, data, error name and value."""
    kept = {key: output[key] for key in ("output_type", "name", "text", "ename", "evalue") if key in output}
    data = {mime: value for mime, value in output.get("data", {}).items() if "widget-view" not in mime}
    return kept | {"data": data}


class _Count:
    """The last line: how many cells were compared, counted from the workers' reports too."""

    def __init__(self) -> None:
        self.compared: list[str] = []
        self.not_compared = 0
        self.not_run: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A skipped or expectedly failing cell (nbval's way after a time-out) was not compared."""
        if report.nodeid.endswith(f"::{NOT_RUN}"):
            if report.skipped:
                reason = report.longrepr[2].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else ""
                self.not_run.append(f"{report.nodeid.partition('::')[0]}: {reason}")
        elif ".ipynb" in report.nodeid:
            self.not_compared += report.skipped
            if report.when == "call":
                self.compared += [str(path) for key, path in report.user_properties if key == "cell compared in"]

    def pytest_terminal_summary(self, terminalreporter: Any, config: pytest.Config) -> None:
        if _runs_notebooks(config.option):
            terminalreporter.write_line(
                f"notebooks: {len(set(self.compared))}, cells compared: {len(self.compared)}, "
                f"ignored or skipped outputs: {self.not_compared}"
            )
            for notebook in self.not_run:
                terminalreporter.write_line(f"NOT RUN {notebook}")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.not_compared and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
