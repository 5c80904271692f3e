"""A source becomes an executed notebook with the same bytes each time, or a sentence about what is wrong with it."""

import json
import shutil

import nbformat
import pytest

from labkit.builder.command import main
from labkit.builder.execute import execute
from labkit.builder.norms import measure, show
from labkit.builder.sections import sections
from labkit.builder.source import BuildError, Kind, sources
from labkit.builder.work import build, differences


def cells_of(root, number=0):
    return nbformat.read(sources(root)[number].built, as_version=4).cells


def replace(source, old: str, new: str) -> None:
    text = source.path.read_text()
    assert old in text
    source.path.write_text(text.replace(old, new))


@pytest.mark.live
def test_two_builds_give_the_same_bytes(built_course, course, lookup):
    """Another process, another folder, another second: not a byte differs."""
    first, second = sources(built_course)[0], sources(course)[0]
    build(second, lookup)
    assert first.built.read_bytes() == second.built.read_bytes()


def test_a_built_notebook_is_numbered_and_keeps_nothing_that_varies(built_course):
    """Ids 03-00, 03-01 ..., execution counts 1..n, two metadata entries, no timing and no widget state."""
    notebook = json.loads(sources(built_course)[0].built.read_text())
    assert [cell["id"] for cell in notebook["cells"]] == [f"03-{n:02d}" for n in range(len(notebook["cells"]))]
    counts = [cell["execution_count"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert counts == list(range(1, len(counts) + 1))
    assert sorted(notebook["metadata"]) == ["kernelspec", "language_info"]
    assert {key for cell in notebook["cells"] for key in cell["metadata"]} == {"tags"}


def test_an_error_keeps_its_name_value_and_one_line(built_course):
    """The failing cell is tagged for Jupyter too, so that Run All goes on after it."""
    failing = next(cell for cell in cells_of(built_course) if cell.metadata.get("tags"))
    assert failing.metadata.tags == ["raises-KeyError", "raises-exception"]
    (error,) = failing.outputs
    assert (error.ename, error.evalue, error.traceback) == ("KeyError", "'order-2'", ["KeyError: 'order-2'"])


def test_marks_become_citations_and_values_linked_to_their_rows(built_course):
    """A dagger that names the claim, or where it is asked for its value with its unit; LaTeX and code stay."""
    text = cells_of(built_course)[0].source
    assert 'hidden for [30 seconds](#vis-2) after a receive.<sup>[†](#vis-3 "vis-3")</sup>' in text
    assert r"$\frac{40}{s}$" in text
    exercise = cells_of(built_course, 1)[0].source
    assert "[30 seconds](https://docs.aws.amazon.com/page)" in exercise


def test_the_learners_exercise_has_nbgraders_stub_and_is_not_attempted(built_course):
    """The solution's notebook says right, the learner's the same cells cut and "not attempted"."""
    solution, exercise = [one for one in sources(built_course) if one.kind is not Kind.LESSON]
    assert (solution.kind, exercise.kind) == (Kind.SOLUTION, Kind.EXERCISE)
    solved, shipped = [nbformat.read(one.built, as_version=4).cells for one in (solution, exercise)]
    assert solved[2].outputs[0].text == "right\n"
    assert shipped[2].outputs[0].text == "not attempted\n"
    assert "### BEGIN SOLUTION" in solved[1].source
    assert shipped[1].source.splitlines()[-2:] == ["    # YOUR CODE HERE", "    raise NotImplementedError()"]
    assert shipped[1].metadata.nbgrader.solution
    assert (shipped[2].metadata.nbgrader.grade, shipped[2].metadata.nbgrader.points) == (True, 1)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("{=vis-2}", "{=vis-3}", "cell 0: {=vis-3} asks for a value that the claim doesn't have; {vis-3} cites it"),
        ("{=vis-2}", "{vis-99}", "cell 0: {vis-99} names no claim of the ledger: there is no claim 'vis-99'"),
        ("{=vis-2}", "{vis2}", "cell 0: {vis2} is no claim's mark"),
        ("fails, as", "always fails, as", "cell 5: 'always' in 'Looking it up always fails, as it should.' needs"),
        ('["raises-KeyError"]', '["raises-exception"]', "cell 7: name the error"),
        ("len(stock)", "### BEGIN SOLUTION", "cell 4: ### BEGIN SOLUTION without its other half"),
        ("# %%\nlen(stock)", "# %%", None),
    ],
)
def test_a_wrong_source_is_refused_before_it_runs(lesson, old, new, complaint, lookup):
    """Unknown marks, unproved sentences, unnamed errors: each with its cell; nothing is written."""
    if complaint is None:
        lesson.path.write_text(lesson.path.read_text() + "\n# %%\n")
        complaint = "an empty code cell"
    else:
        replace(lesson, old, new)
    with pytest.raises(BuildError) as refused:
        build(lesson, lookup)
    assert complaint in str(refused.value)
    assert not lesson.built.exists()


@pytest.mark.live
def test_wrong_outputs_are_refused(lesson, lookup):
    """A named error that doesn't come, another one, a PNG: all are told at once, and nothing is written."""
    source = lesson.path.read_text().replace('stock["order-2"]', 'stock["order-1"]')
    source += '\n# %%\ndisplay({"image/png": "aGVsbG8=", "text/plain": "a picture"}, raw=True)\n'
    lesson.path.write_text(source + '\n# %% tags=["raises-ClientError:ReceiptHandleIsInvalid"]\n1 / 0\n')
    with pytest.raises(BuildError) as refused:
        build(lesson, lookup)
    for complaint in (
        "cell 7: it was to raise KeyError, but raised nothing",
        "image/png, which nbval never compares",
        "it was to raise ClientError:ReceiptHandleIsInvalid, but raised 'ZeroDivisionError: division by zero'",
    ):
        assert complaint in str(refused.value)
    assert not lesson.built.exists()


@pytest.mark.live
def test_an_error_nobody_named_stops_the_build_at_its_cell(lesson, lookup):
    """The cells after it don't run, so that one mistake is one complaint."""
    replace(lesson, "len(stock)", "len(stocks)")
    with pytest.raises(BuildError) as refused:
        build(lesson, lookup)
    complaint = "cell 4: it raised \"NameError: name 'stocks' is not defined\"; if that is meant, tag it"
    assert complaint in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.live
def test_a_mark_without_a_row_is_refused(lesson, lookup):
    """A link that would jump nowhere fails the build."""
    replace(lesson, 'id="vis-3"', 'id="vis-4"')
    with pytest.raises(BuildError, match=r"cell 0: no output has a row for \{vis-3\}"):
        build(lesson, lookup)


def test_check_tells_which_cells_differ(built_course, tmp_path, lookup):
    """Up to date: nothing; a changed source, a changed notebook, a further cell: each is named, nothing executed."""
    shutil.copytree(built_course, tmp_path / "course")
    lesson, solution, exercise = sources(tmp_path / "course")
    assert differences(lesson, lookup) == differences(exercise, lookup) == differences(solution, lookup) == []
    replace(lesson, "len(stock)", "len(stock) + 1")
    assert differences(lesson, lookup) == ["notebooks/03_orders cell 4: differs from its source; run labkit build 03"]
    solution.path.write_text(solution.path.read_text() + "\n# %% [markdown]\n# The end.\n")
    assert len(differences(exercise, lookup)) == 1
    exercise.built.unlink()
    assert "not built" in differences(exercise, lookup)[0]


def test_the_command_checks_and_refuses(course, monkeypatch, capsys, lookup):
    """labkit build --check fails on what isn't built; an unknown lesson is one sentence."""
    monkeypatch.setattr("labkit.builder.command._claim", lookup)
    monkeypatch.chdir(course)
    assert main(["--check"]) == 1
    assert "notebooks/03_orders: not built; run labkit build 03" in capsys.readouterr().out
    assert main(["04"]) == 2
    assert capsys.readouterr().err == "There is no lesson 04; there are: 03.\n"


def test_the_norms_are_printed(built_course):
    """Cells, figures, named errors, set-up lines and words of the built lesson, each beside its norm."""
    notebook = nbformat.read(sources(built_course)[0].built, as_version=4)
    measured = measure(notebook)
    assert (measured["cells"], measured["figures"], measured["named errors"], measured["set-up lines"]) == (11, 1, 1, 3)
    assert "longest code cell 3 (<= 12)" in show(measured)
    assert [len(part) for part in sections(notebook.cells)] == [2, 3, 4, 2]


@pytest.mark.live
def test_what_a_cell_prints_bit_by_bit_is_stored_as_one_text(tmp_path):
    """A kernel sends on what is printed five times a second; where it cuts is chance and would differ at each build."""
    cell = nbformat.v4.new_code_cell('import time\nprint("first")\ntime.sleep(0.6)\nprint("second")')
    notebook = nbformat.v4.new_notebook(cells=[cell])
    execute(notebook, tmp_path)
    assert [output.text for output in notebook.cells[0].outputs] == ["first\nsecond\n"]
