"""The map in CONTRIBUTING.md shows the house as it is: every part, above what it may import, in picture and words."""

from __future__ import annotations

import re
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from tests.recipes.recipes import PAGE, ROOT

MAP = ROOT / "images" / "house.svg"
NAME = "{http://www.w3.org/2000/svg}text[@font-weight='bold']"


def arrows() -> dict[str, list[str]]:
    """What each part may import, of the parts that are built."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    (listed,) = [contract["arrows"] for contract in tools["importlinter"]["contracts"] if "arrows" in contract]
    given = dict(arrow.split("->") for arrow in listed)
    built = {path.stem for path in (ROOT / "labkit").iterdir() if not path.name.startswith("_")}
    return {part.strip(): may.split() for part, may in given.items() if part.strip() in built}


def heights() -> dict[str, float]:
    """How far down each part's name stands in the picture."""
    return {str(one.text): float(one.attrib["y"]) for one in ElementTree.parse(MAP).iterfind(NAME)}


def test_every_part_is_on_the_map() -> None:
    """The picture and the table name the parts that the arrows name, and no other."""
    table = PAGE.read_text("utf-8").partition("## Words")[0]
    rows = re.findall(r"^\| (`.+?) \|", table, re.MULTILINE)
    assert set(arrows()) == set(heights())
    assert set(arrows()) == {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def test_imports_point_down() -> None:
    """A part that may import another one stands above it."""
    found = heights()
    wrong = [(part, one) for part, may in arrows().items() for one in may if one in found and found[one] <= found[part]]
    assert wrong == []


def test_what_the_page_points_to_is_there() -> None:
    """Every path that the page quotes or links exists, but for those that a recipe creates."""
    page = PAGE.read_text("utf-8")
    prose = re.sub(r"^```.*?^```$", "", page, flags=re.DOTALL | re.MULTILINE)
    quoted = re.findall(r"`((?:labkit|tests|notebooks|images)/[\w./]+)`", prose) + re.findall(r"\]\(([\w./]+)\)", prose)
    created = set(re.findall(r"^Create `([^`]+)`:$", page, re.MULTILINE))
    assert len(quoted) > 15
    missing = [path for path in quoted if path not in created and not Path(ROOT, path).exists()]
    assert missing == []
