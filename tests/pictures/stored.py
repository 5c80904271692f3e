"""All figures that the lessons store, and where everything in one stands."""

import json
import re
from base64 import b64decode
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from labkit.pictures.palette import GRID
from labkit.pictures.svg import letters
from tests.pictures.conftest import SVG

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
IMAGE = re.compile(r'<img src="data:image/svg\+xml;base64,([^"]+)" alt="([^"]*)"')


class Figure(NamedTuple):
    """One image of a cell's output with its words; `near` are the text cells before and after the cell."""

    lesson: str
    cell: int
    svg: str
    words: str
    live: dict
    near: str


@cache
def figures():
    """Every figure of every lesson."""
    return [figure for notebook in NOTEBOOKS for figure in _of(notebook)]


def _of(notebook):
    cells = json.loads(notebook.read_text())["cells"]
    for number, cell in enumerate(cells):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            near = " ".join("".join(one["source"]) for one in _texts_around(cells, number))
            live = data.get("application/vnd.plotly.v1+json", {})
            for image, words in IMAGE.findall("".join(data.get("text/html", ""))):
                yield Figure(notebook.stem, number, b64decode(image).decode(), words, live, near)


def _texts_around(cells, number):
    """The nearest text before a cell and after it."""
    before = next((one for one in reversed(cells[:number]) if one["cell_type"] == "markdown"), None)
    after = next((one for one in cells[number + 1 :] if one["cell_type"] == "markdown"), None)
    return [one for one in (before, after) if one]


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other):
        """Whether the two share more than an edge."""
        beside = self.right <= other.left or other.right <= self.left
        return not beside and self.top < other.bottom and other.top < self.bottom

    def holds(self, other):
        """Whether the other lies inside."""
        level = self.top <= other.top and other.bottom <= self.bottom
        return level and self.left <= other.left and other.right <= self.right


class Part(NamedTuple):
    """One thing that is drawn: `boxes` are what its ink covers; `plain`: filled so that it hides what is below."""

    kind: str
    boxes: list
    text: str = ""
    plain: bool = False
    grid: bool = False
    halo: bool = False


def parts(svg):
    """Everything that an image draws, in the order of drawing."""
    root = ElementTree.fromstring(svg)
    inside_definitions = {id(one) for definitions in root.iter(f"{SVG}defs") for one in definitions.iter()}
    drawn = (one for one in root.iter() if id(one) not in inside_definitions)
    return [part for one in drawn if (part := _part(one)) is not None]


def _part(one):
    tag, get = one.tag.removeprefix(SVG), lambda name: float(one.get(name, 0))
    if tag == "text":
        return _text(one, get)
    if tag == "rect":
        box = Box(get("x"), get("y"), get("x") + get("width"), get("y") + get("height"))
        return Part("rect", [box], plain=not one.get("fill").startswith("url"))
    if tag == "circle":
        x, y, r = get("cx"), get("cy"), get("r")
        return Part("sign", [Box(x - r, y - r, x + r, y + r)], plain=True)
    if tag == "line":
        return Part("line", [_line(get("x1"), get("y1"), get("x2"), get("y2"))], grid=one.get("stroke") == GRID)
    if tag == "path" and one.get("transform"):
        x, y, scale = re.match(r"translate\((\S+) (\S+)\)(?: scale\((\S+)\))?", one.get("transform")).groups()
        x, y, half = float(x), float(y), 5.5 * float(scale or 1)
        return Part("sign", [Box(x - half, y - half, x + half, y + half)])
    if tag == "polyline":
        return Part("arc", list(_pieces(one.get("points"), get("stroke-width") / 2)))
    return Part("path", list(_steps(one.get("d")))) if tag == "path" else None


def _text(one, get):
    content, size = "".join(one.itertext()), get("font-size")
    wide = letters(content, size)
    left = get("x") - wide * {"start": 0, "middle": 0.5, "end": 1}[one.get("text-anchor")]
    # Capitals and digits stand on the line and are 0.73 of the size high; what hangs below it strikes nothing through.
    box = Box(left, get("y") - 0.73 * size, left + wide, get("y"))
    return Part("text", [box], text=content, halo=one.get("paint-order") == "stroke")


def _line(x1, y1, x2, y2, half=0.4):
    return Box(min(x1, x2) - half, min(y1, y2) - half, max(x1, x2) + half, max(y1, y2) + half)


def _pieces(points, half):
    """The short pieces of a curve."""
    places = [tuple(map(float, point.split(","))) for point in points.split()]
    for before, after in pairwise(places):
        yield _line(*before, *after, half)


def _steps(path):
    """The straight pieces of a path of M, H and V."""
    x = y = 0.0
    for command, given in re.findall(r"([MHV])([^MHV]+)", path):
        if command == "M":
            x, y = map(float, given.split(","))
            continue
        before = x, y
        x, y = (float(given), y) if command == "H" else (x, float(given))
        yield _line(*before, x, y)


def struck(svg):
    """What is wrong with the labels of an image: (label, what covers or crosses it)."""
    drawn = parts(svg)
    return [
        (part.text, other.kind + (f" {other.text}" if other.text else ""))
        for place, part in enumerate(drawn)
        if part.kind == "text" and part.text
        for number, other in enumerate(drawn)
        if number != place and _spoils(drawn, place, number)
    ]


def _spoils(drawn, place, number):
    label, other = drawn[place], drawn[number]
    (box,) = label.boxes
    met = [one for one in other.boxes if one.meets(box)]
    # A plain area around the whole label is its background; a hatched one is not.
    if not met or (number < place and other.plain and all(one.holds(box) for one in met)):
        return False
    if number > place or other.kind == "text":
        return True
    hidden = any(one.plain and one.boxes[0].holds(box) for one in drawn[number + 1 : place])
    return not hidden and not (label.halo and other.grid)
