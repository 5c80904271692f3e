"""What holds for every figure that the lessons store."""

import re
from html import unescape

import pytest

from labkit.pictures import svg
from labkit.words import pictures as words
from tests.pictures.stored import figures, struck


def test_there_are_figures():
    """None of the rules below is about nothing."""
    assert len({figure.lesson for figure in figures()}) >= 9
    assert len(figures()) >= 30


def test_no_label_is_struck_through_or_covered():
    """No label's box meets a line, a sign, a bar's edge or hatching, or another label."""
    wrong = {(figure.lesson, figure.cell): found for figure in figures() if (found := struck(figure.svg))}
    assert wrong == {}


def area(wide, fill):
    return svg.element("rect", x=0, y=30, width=wide, height=30, fill=fill)


@pytest.mark.parametrize(
    ("drawn", "found"),
    [
        (svg.line(0, 46, 100, 46, "#0072B2") + svg.text(10, 50, "late"), [("late", "line")]),
        (svg.text(10, 50, "late") + svg.symbol("x-thin", 20, 46), [("late", "sign")]),
        (svg.text(10, 50, "late") + svg.text(20, 50, "again"), [("late", "text again"), ("again", "text late")]),
        (svg.line(20, 0, 20, 99) + svg.text(10, 50, "late"), [("late", "line")]),
        (svg.line(20, 0, 20, 99) + svg.text(10, 50, "late", halo="#FFFFFF"), []),
        (svg.text(10, 50, "late", halo="#FFFFFF") + svg.line(20, 0, 20, 99), [("late", "line")]),
        (
            svg.element("rect", x=0, y=30, width=90, height=30, fill="url(#p1)") + svg.text(10, 50, "late"),
            [("late", "rect")],
        ),
        (
            svg.element("rect", x=0, y=30, width=20, height=30, fill="#E69F00") + svg.text(10, 50, "late"),
            [("late", "rect")],
        ),
        (area(90, "url(#p1)") + svg.text(10, 50, "late"), [("late", "rect")]),
        (area(20, "#E69F00") + svg.text(10, 50, "late"), [("late", "rect")]),
        (area(90, "#E69F00") + svg.text(10, 50, "late"), []),
        (area(90, "url(#p1)") + area(80, "#E69F00") + svg.text(10, 50, "late"), []),
        (svg.element("polyline", points="0,46 9,46", stroke_width=8) + svg.text(2, 50, "late"), [("late", "arc")]),
        (svg.element("polyline", points="0,60 9,60", stroke_width=8) + svg.text(2, 50, "late"), []),
        (svg.element("path", d="M0,90H20V10H80") + svg.text(10, 50, "late"), [("late", "path")]),
    ],
)
def test_a_struck_label_is_found(drawn, found):
    """The rule sees what it is about."""
    assert struck(svg.document(100, drawn)) == found


def marks_of(figure):
    """The marks that a figure's words explain."""
    told = re.search(r"^Marks: (.*)\.$", unescape(figure.words), re.MULTILINE)
    return {part.partition(": ")[0] for part in told[1].split("; ")} if told else set()


def test_every_lane_chart_explains_its_marks():
    """In words what the legend says in the picture."""
    bars = [figure for figure in figures() if figure.live.get("layout", {}).get("barmode") == "overlay"]
    # A lane has signs; a matrix has bars alone, a lineage bars and lines.
    lanes = [figure for figure in bars if any("markers" in trace.get("mode", "") for trace in figure.live["data"])]
    assert len(lanes) >= 6
    for figure in lanes:
        assert marks_of(figure)
        shown = set(re.findall(r">([^<>]+)</text>", figure.svg))
        live = {trace["name"] for trace in figure.live["data"]}
        for part in re.search(r"^Marks: (.*)\.$", unescape(figure.words), re.MULTILINE)[1].split("; "):
            assert part.partition(": ")[2] in shown & live


def pattern(mark):
    """A mark's name in a sentence: its nouns may be several."""
    return re.compile(r"\b" + r"\s+".join(f"{word}(?:es|s)?" for word in mark.split()) + r"\b")


# A cross or a solid line may be many things in a text.
NAMED = {mark: pattern(mark) for mark in words.MARKS.values() if mark not in ("cross", "solid line", "dotted line")}


def test_a_mark_that_a_text_names_is_in_its_picture():
    """A learner who is told to look for a hollow circle finds one."""
    named = [(figure, name) for figure in figures() for name, pattern in NAMED.items() if pattern.search(figure.near)]
    assert {name for _, name in named} >= {"thin bar below", "circle with a cross", "hollow circle", "bow tie"}
    cells = {(figure.lesson, figure.cell, name) for figure, name in named}
    drawn = {(figure.lesson, figure.cell, mark) for figure in figures() for mark in marks_of(figure)}
    assert cells - drawn == set()


def colours(lesson):
    """Each thing that the figures of a lesson draw in a colour, with its looks in all of them."""
    found = {}
    for figure in figures():
        for trace in figure.live.get("data", []) if figure.lesson == lesson else []:
            drawn = trace["type"] == "scatter" and "lines" in trace["mode"]
            look = trace["line"]["color"] if drawn else None
            if trace["type"] == "bar" and trace.get("showlegend", True) and trace["name"] != words.AT_WORK:
                look = trace["marker"]["color"], trace["marker"]["pattern"]["shape"]
            if look:
                found.setdefault(trace["name"], set()).add(look)
    return found


@pytest.mark.parametrize("lesson", sorted({figure.lesson for figure in figures()}))
def test_a_thing_keeps_its_colour_and_lines_share_none(lesson):
    """In all figures of a lesson, whatever came first in one."""
    found = colours(lesson)
    assert {name: looks for name, looks in found.items() if len(looks) > 1} == {}
    lines = [look for looks in found.values() for look in looks if isinstance(look, str)]
    assert len(lines) == len(set(lines))
