"""What a lesson cites is written down before its cells run, so that a table of claims knows it."""

import yaml

from labkit.builder.cited import cited_file, write_cited
from labkit.builder.source import sources
from labkit.builder.work import differences


def test_the_marks_of_a_lesson_are_written_down_once_each(lesson):
    """Sorted, so that a sentence that moves changes nothing; quoted braces are none."""
    lesson.path.write_text(lesson.path.read_text() + "\n# %% [markdown]\n# Again {vis-3}, and `{vis-9}`.\n")
    write_cited(lesson)
    assert yaml.safe_load(cited_file(lesson).read_text()) == ["vis-2", "vis-3"]


def test_a_lesson_that_cites_nothing_has_an_empty_list(lesson):
    """Not an empty file, which would be no list."""
    lesson.path.write_text("# %% [markdown]\n# # Start\n")
    write_cited(lesson)
    assert yaml.safe_load(cited_file(lesson).read_text()) == []


def test_check_tells_citations_that_were_not_written_down(built_course, lookup):
    """A build has written them; without them, --check names the lesson and not its exercise."""
    lesson, solution, exercise = sources(built_course)
    file = cited_file(lesson)
    before = file.read_text()
    file.write_text("- vis-2\n")
    told = "notebooks/03_orders: cites other claims than 03.yaml of the ledger says; run labkit build 03"
    assert differences(lesson, lookup) == [told]
    assert differences(solution, lookup) == differences(exercise, lookup) == []
    file.write_text(before)
    assert differences(lesson, lookup) == []
