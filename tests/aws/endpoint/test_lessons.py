"""The code cells of the lessons, unchanged and in real time against a `labkit serve` that runs faster."""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

from tests.aws.endpoint import lesson_cells
from tests.aws.endpoint.lesson_cells import HOW_OFTEN, NOTEBOOKS, SPEED, WHO, cells_of, stale
from tests.aws.served.process import serving

LESSONS = sorted(lesson_cells.LEFT_OUT)
USE = """
import labkit
from functools import partial
labkit.Lab = partial(labkit.Lab, endpoint={url!r})
"""
FEW_SECONDS = 10
SLOWLY = SPEED // 6
DECIMAL = re.compile(r"\b\d+\.\d+\b")
WORKER = re.compile(r"\b(Ann|Bob|Cem)\b")
PLAIN = (
    (re.compile(r"https?://[^/'\"\s]+/(\d{12})/"), r"https://\1/"),
    (re.compile(r"labkit-[0-9a-f]{8}-"), ""),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"), "an-id"),
    (re.compile(r"AQEB[\w+/=]+"), "a-receipt-handle"),
    (re.compile(r"Waiting .*, which takes .* s\.\n"), ""),
    (re.compile(r"\x1b\[[0-9;]*m"), ""),
)


@pytest.fixture(scope="module")
def fast():
    """A served lab on which a minute takes two seconds."""
    with serving("--speed", str(SPEED)) as running:
        yield running


@pytest.fixture(scope="module")
def lessons(fast, request, tmp_path_factory):
    """What the cells of each lesson asked for say, two lessons at a time, for they mostly wait."""
    asked = [item.callspec.params["lesson"] for item in request.session.items if "lessons" in item.fixturenames
             and hasattr(item, "callspec")]  # fmt: skip
    journals = tmp_path_factory.mktemp("journals")
    with ThreadPoolExecutor(2) as executor:
        sources = {lesson: sources_of(lesson, fast.url) for lesson in asked}
        yield {lesson: executor.submit(run, sources[lesson], journals) for lesson in asked}


def to_run(lesson):
    """The cells of a lesson that have no reason to be left out."""
    return [cell for cell in cells_of(lesson) if cell.left_out is None]


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_reason_names_one_cell(lesson):
    assert stale(lesson) == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_enough_of_a_lesson_runs_to_prove_something(lesson):
    assert len(to_run(lesson)) >= 9


def test_every_lesson_from_02_to_07_is_here():
    assert LESSONS == ["02", "03", "04", "05", "06", "07"]


@pytest.mark.live
@pytest.mark.parametrize("lesson", LESSONS)
def test_the_cells_come_out_as_in_virtual_time(lessons, lesson, record_property, tmp_path):
    for cell in cells_of(lesson):
        if cell.left_out or cell.compared_less:
            record_property(cell.name, cell.left_out or f"runs; {cell.compared_less}")
    differing = differences(lesson, lessons[lesson].result())
    if differing:
        # On a busy machine half a second is late, which is 15 s of the lab's: what differs is looked at more slowly.
        with serving("--speed", str(SLOWLY)) as slow:
            differing = differences(lesson, run(sources_of(lesson, slow.url), tmp_path))
    assert differing == [], "\n".join(differing)


def differences(lesson, ran):
    """The cells whose outputs are not those of the lesson."""
    return [
        f"{cell.name}\n  lesson: {said(cell.outputs)!r}\n  here:   {said(outputs)!r}"
        for cell, outputs in zip(to_run(lesson), ran[1:], strict=True)
        if not are_alike(said(cell.outputs), said(outputs), cell.compared_less)
    ]


def sources_of(lesson, url):
    """The lesson's cells that run, after one that puts its labs on the endpoint."""
    return [USE.format(url=url), *(cell.source for cell in to_run(lesson))]


@pytest.mark.live
def test_the_lessons_leave_no_queue_behind(fast, lessons):
    for lesson in lessons.values():
        lesson.result()
    assert fast.queue_names() == []


@pytest.mark.parametrize(
    ("lesson", "here", "reason", "alike"),
    [
        ("(1, 3.0)", "(1, 4.3)", None, True),
        ("(1, 3.0)", "(1, 20.1)", None, False),
        ("(1, 3.0)", "(2, 3.0)", None, False),
        ("[('Ann', 'order-1')]", "[('Bob', 'order-1')]", None, False),
        ("[('Ann', 'order-1')]", "[('Bob', 'order-1')]", WHO, True),
        ("[('Ann', 'order-1')]", "[('Bob', 'order-2')]", WHO, False),
        ("Counter({'Ann': 3})", "Counter({'Ann': 4})", HOW_OFTEN, True),
        ("Counter({'Ann': 3})", "KeyError: 'Ann'", HOW_OFTEN, False),
        ("", "Waiting 31 s, which takes 1.033 s.\n", None, True),
        ("https://sqs.us-east-1.amazonaws.com/123456789012/orders",
         "http://127.0.0.1:35233/123456789012/labkit-0123abcd-orders", None, True),
    ],
)  # fmt: skip
def test_outputs_are_alike_when_only_what_must_differ_does(lesson, here, reason, alike):
    assert are_alike(lesson, here, reason) == alike


def are_alike(lesson, here, reason):
    """Whether two outputs say the same, apart from ids, handles, hosts, a few seconds, and what `reason` allows."""
    if reason == HOW_OFTEN:
        return "Error: " not in here
    texts = [plain(text) for text in (lesson, here)]
    if reason == WHO:
        texts = [WORKER.sub("a worker", text) for text in texts]
    first, second = ([float(number) for number in DECIMAL.findall(text)] for text in texts)
    same = DECIMAL.sub("a decimal", texts[0]) == DECIMAL.sub("a decimal", texts[1])
    return same and all(abs(a - b) <= FEW_SECONDS for a, b in zip(first, second, strict=True))


def plain(text):
    """A text without what differs by nature: ids, handles, hosts, prefixes, and how long a wait takes."""
    for pattern, name in PLAIN:
        text = pattern.sub(name, text)
    return text


def run(sources, journals):
    """Run these cells in a kernel of their own, which notes what it creates in `journals`, and return their outputs."""
    command = [sys.executable, str(Path(__file__).with_name("run_cells.py")), str(NOTEBOOKS)]
    surroundings = os.environ | {"XDG_STATE_HOME": str(journals)}
    told = subprocess.run(
        command, input=json.dumps(sources), env=surroundings, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    return [cell.outputs for cell in nbformat.reads(told.stdout, as_version=4).cells]


def said(outputs):
    """A cell's outputs as text."""
    return "".join(map(one_said, outputs))


def one_said(output):
    if output.output_type == "stream":
        return output.text
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    return str(output.data.get("text/plain", ""))
