"""`pytest --nbval` passes on what the builder wrote, and fails or refuses whatever differs or would not be compared."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from labkit.builder.refusals import refusals
from labkit.builder.source import Kind, sources

ROOT = Path(__file__).parents[2]
CHANGES = {
    "text": lambda cells: cells[3].outputs[0].update(text="orders: {'order-1': 4}\n"),
    "stderr": lambda cells: cells[4].outputs[0].update(text="Checked\n"),
    "value": lambda cells: cells[4].outputs[1].data.update({"text/plain": "2"}),
    "error_value": lambda cells: cells[7].outputs[0].update(evalue="'order-3'"),
    "figure": lambda cells: cells[8].outputs[0].data["application/vnd.plotly.v1+json"].data[0].update(y=[4]),
    "picture": lambda cells: cells[8].outputs[0].data.update({"text/html": "<img alt='one bar' src='data:other'>"}),
    "order": lambda cells: cells[4].outputs.reverse(),
    "output_gone": lambda cells: cells[3].outputs.clear(),
}


@pytest.fixture(scope="session")
def lesson(built_course) -> Path:
    return sources(built_course)[0].built


def run(folder: Path, *options: str) -> tuple[int, str]:
    """(exit code, output) of pytest with the plugin."""
    plugins = ["-p", "labkit._skip_slow_grammars", "-p", "labkit.builder.strict_nbval", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", *plugins, *options, "."]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr


def write(cells_or_notebook, path: Path) -> None:
    nbformat.write(cells_or_notebook, path)


def changed(lesson: Path, change) -> nbformat.NotebookNode:
    notebook = nbformat.read(lesson, as_version=4)
    change(notebook.cells)
    return notebook


@pytest.mark.live
@pytest.mark.parametrize("options", [(), ("-n", "2", "--dist", "loadscope"), ("-n", "2", "--dist", "loadfile")])
def test_the_built_course_passes_and_is_counted(built_course, options):
    """Every code cell of the three notebooks is compared, nothing is ignored, with and without workers."""
    code, text = run(built_course, "--nbval", *options)
    assert code == 0, text
    assert "notebooks: 3, cells compared: 11, ignored or skipped outputs: 0" in text


@pytest.mark.live
def test_any_changed_output_fails_its_cell_alone(lesson, tmp_path):
    """Text, stderr, value, error, figure, picture, order of outputs: one cell of each changed notebook fails."""
    for name, change in CHANGES.items():
        write(changed(lesson, change), tmp_path / f"{name}.ipynb")
    code, text = run(tmp_path, "--nbval", "-n", "2", "--dist", "loadscope")
    assert code == 1
    failed = sorted(line.split()[1].partition(".ipynb")[0] for line in text.splitlines() if line.startswith("FAILED"))
    assert failed == sorted(CHANGES), text
    assert "notebooks: 8, cells compared: 56, ignored or skipped outputs: 0" in text


@pytest.mark.live
@pytest.mark.parametrize("kernels", [(), ("--fork-kernels-from", "tests.prepared")])
def test_each_section_runs_alone_after_a_restart(lesson, tmp_path, kernels):
    """The lesson's sections pass alone, its import cell before each; a section that lacks its set-up line fails.

    A kernel that was forked knows nothing of the section before either.
    """
    write(nbformat.read(lesson, as_version=4), tmp_path / "alone.ipynb")
    notebook = nbformat.read(lesson, as_version=4)
    notebook.cells[6].source = "pass"
    write(notebook, tmp_path / "needs_the_section_before.ipynb")
    code, text = run(tmp_path, "--notebook-sections", *kernels, "-n", "2", "--dist", "loadscope")
    assert code == 1
    failed = [line for line in text.splitlines() if line.startswith("FAILED")]
    assert all("needs_the_section_before.ipynb::An order that is missing::03-0" in line for line in failed), text
    assert len(failed) == 2
    code, text = run(
        tmp_path, "--nbval", "--notebook-shuffle", "2", *kernels, "--deselect", "needs_the_section_before.ipynb"
    )
    assert code == 0, text


@pytest.mark.live
def test_the_only_section_of_a_notebook_runs_once(built_course, tmp_path):
    """The exercise has one: whole and alone are the same cells. Asked for alone it runs."""
    (exercise,) = (source.built for source in sources(built_course) if source.kind is Kind.EXERCISE)
    notebook = nbformat.read(exercise, as_version=4)
    notebook.cells.insert(1, nbformat.v4.new_markdown_cell("## Your turn", id="your-turn"))
    write(notebook, tmp_path / "exercise.ipynb")
    _, both = run(tmp_path, "--nbval", "--notebook-sections")
    for options in (["--nbval"], ["--notebook-sections"]):
        _, text = run(tmp_path, *options)
        assert compared(text) == compared(both) > 0


def compared(text: str) -> int:
    return int(re.search(r"cells compared: (\d+)", text)[1])


@pytest.mark.live
def test_a_refused_notebook_stops_the_run(lesson, tmp_path):
    """Also with workers: the message names the notebook, the cell and what to do."""
    write(changed(lesson, lambda cells: cells[3].update(execution_count=None)), tmp_path / "stripped.ipynb")
    code, text = run(tmp_path, "--nbval", "-n", "2", "--dist", "loadscope")
    assert code != 0
    assert "stripped.ipynb cell 03-03: it was never run, so nothing would be compared; run labkit build." in text


@pytest.mark.live
@pytest.mark.parametrize("options", [["--nbval-lax"], ["--nbval-sanitize-with=x"], ["--nbval", "-n", "2"]])
def test_options_that_compare_less_are_refused(tmp_path, options):
    """Lax mode, sanitising, and a distribution that splits a notebook are usage errors."""
    code, text = run(tmp_path, *options)
    assert code == pytest.ExitCode.USAGE_ERROR
    assert "compares less" in text or "add --dist loadscope" in text


@pytest.mark.live
def test_a_cell_that_hangs_is_not_counted_as_compared(tmp_path, lesson):
    """After a time-out nbval only expects the rest to fail: the run fails and says how many were not compared."""
    notebook = changed(lesson, lambda cells: cells[3].update(source="while True: pass"))
    write(notebook, tmp_path / "hangs.ipynb")
    code, text = run(tmp_path, "--nbval", "--nbval-cell-timeout=1")
    assert code == 1
    assert "Timeout of 1 seconds" in text
    assert "ignored or skipped outputs: 0" not in text


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            lambda cell: cell.update(source="# NBVAL_IGNORE_OUTPUT\n1"),
            "the marker # NBVAL_IGNORE_OUTPUT is not allowed",
        ),
        (lambda cell: cell.update(source="1\n  #NBVAL_SKIP"), "the marker #NBVAL_SKIP is not allowed"),
        (lambda cell: cell.metadata.update(tags=["nbval-skip"]), "the tag nbval-skip is not allowed"),
        (lambda cell: cell.metadata.update(tags=["nbval-raises-exception"]), "nbval-raises-exception is not allowed"),
        (lambda cell: cell.update(execution_count=None), "it was never run"),
        (lambda cell: cell.update(execution_count=7), "it was run as number 7 instead of 2"),
        (lambda cell: cell.metadata.update(tags=["raises-KeyError"]), "it was to raise KeyError, but raised nothing"),
        (lambda cell: cell.outputs.append(error("ClientError")), "it raised 'ClientError: no'; if that is meant"),
        (lambda cell: cell.outputs.append(shown("image/png")), "it shows image/png, which nbval never compares"),
        (lambda cell: cell.outputs.append(shown("application/vnd.jupyter.widget-view+json")), "stores a widget's view"),
    ],
)
def test_a_cell_that_would_not_be_compared_is_refused(lesson, change, reason):
    """Markers, tags, unrun or reordered cells, unnamed errors, PNGs, widget views; the unchanged lesson has none."""
    cells = nbformat.read(lesson, as_version=4).cells
    assert refusals(cells) == []
    change(cells[3])
    (refusal, *_) = refusals(cells)
    assert refusal.startswith("cell 03-03: ")
    assert reason in refusal


def error(name: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("error", ename=name, evalue="no", traceback=["no"])


def shown(mime: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("display_data", data={mime: "aGVsbG8="})
