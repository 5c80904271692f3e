"""The few SVG elements that the pictures need, as text; the same input gives the same bytes."""

from __future__ import annotations

from base64 import b64encode
from html import escape

from labkit.pictures.palette import GRID, INK, PAPER, Fill

WIDTH = 800
FONT = "DejaVu Sans, Verdana, sans-serif"
SIZE = 11
# The mean width of a letter at SIZE. No font is measured: every machine draws the same bytes.
_LETTER = 6.4


def element(name: str, content: object = "", **attributes: object) -> str:
    """Return an element; `stroke_width=2` becomes stroke-width="2", floats get at most two places."""
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"' for key, value in attributes.items())
    return f"<{name}{given}>{content}</{name}>" if content else f"<{name}{given}/>"


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return escape(str(value), quote=True)


def text(
    x: float, y: float, content: str, *, anchor: str = "start", size: float = SIZE, halo: str = "", **more: object
) -> str:
    """Return a text; `halo` is the colour of an outline that keeps it legible on lines and patterns."""
    if halo:
        more = {"stroke": halo, "stroke_width": 3, "paint_order": "stroke", "stroke_linejoin": "round", **more}
    return element(
        "text", escape(content), x=float(x), y=float(y), text_anchor=anchor, font_size=size, **{"fill": INK, **more}
    )


def line(x1: float, y1: float, x2: float, y2: float, colour: str = GRID, width: float = 1, array: str = "") -> str:
    """Return a straight line."""
    dash = {"stroke_dasharray": array} if array else {}
    return element(
        "line", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), stroke=colour, stroke_width=width, **dash
    )


def bar(x: float, y: float, width: float, height: float, fill: Fill, patterns: dict[Fill, str]) -> str:
    """Return a bar in its colour with its pattern over it."""
    box: dict[str, object] = {"x": float(x), "y": float(y), "width": float(width), "height": float(height)}
    plain = element("rect", **box, fill=fill.colour, stroke=INK, stroke_width=0.8)
    return plain + (element("rect", **box, fill=f"url(#{patterns[fill]})") if fill.pattern else "")


def pattern_definitions(fills: list[Fill]) -> tuple[str, dict[Fill, str]]:
    """Return the definitions of the patterns in use and each fill's name among them."""
    names = {fill: f"p{place}" for place, fill in enumerate(dict.fromkeys(fills)) if fill.pattern}
    shapes = {
        "/": "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4",
        "\\": "M-2,6 l4,4 M0,0 l8,8 M6,-2 l4,4",
        "|": "M4,0 v8",
        "-": "M0,4 h8",
        "x": "M0,0 l8,8 M0,8 l8,-8",
    }
    parts = []
    for fill, name in names.items():
        shape = shapes.get(fill.pattern)
        inside = (
            element("path", d=shape, stroke=INK, stroke_opacity=0.45, fill="none")
            if shape
            else element("circle", cx=4, cy=4, r=1.2, fill=INK, fill_opacity=0.6)
        )
        parts.append(element("pattern", inside, id=name, width=8, height=8, patternUnits="userSpaceOnUse"))
    return (element("defs", "".join(parts)) if parts else ""), names


def symbol(name: str, x: float, y: float, scale: float = 1) -> str:
    """Return the small sign that plotly calls `name`."""
    larger = f" scale({scale})" if scale != 1 else ""
    at = {"transform": f"translate({x:.1f} {y:.1f}){larger}"}
    shapes = {
        "x-thin": "M-5,-5 L5,5 M-5,5 L5,-5",
        "diamond-open": "M0,-6 L6,0 L0,6 L-6,0 Z",
        "square-open": "M-5,-5 H5 V5 H-5 Z",
        "bowtie": "M-6,-4 L6,4 V-4 L-6,4 Z",
        "circle-x-open": "M-5.5,0 a5.5,5.5 0 1,0 11,0 a5.5,5.5 0 1,0 -11,0 Z M-4,-4 L4,4 M-4,4 L4,-4",
        "square-x-open": "M-5.5,-5.5 H5.5 V5.5 H-5.5 Z M-5.5,-5.5 L5.5,5.5 M-5.5,5.5 L5.5,-5.5",
        "diamond-x-open": "M0,-7 L7,0 L0,7 L-7,0 Z M-3.5,-3.5 L3.5,3.5 M-3.5,3.5 L3.5,-3.5",
        "hexagram-open": "M0,-7 L2,-3.5 H6 L4,0 L6,3.5 H2 L0,7 L-2,3.5 H-6 L-4,0 L-6,-3.5 H-2 Z",
        "triangle-down": "M-6,-4 H6 L0,6 Z",
        "triangle-up": "M-6,4 H6 L0,-6 Z",
        "star-open": "M0,-6 L2,-2 L6,0 L2,2 L0,6 L-2,2 L-6,0 L-2,-2 Z",
    }
    if name in ("circle", "circle-open"):
        return element(
            "circle",
            cx=float(x),
            cy=float(y),
            r=5 * scale,
            fill=INK if name == "circle" else PAPER,
            stroke=INK,
            stroke_width=1.5,
        )
    fill = {"x-thin": "none", "triangle-down": INK, "triangle-up": INK, "bowtie": INK}.get(name, PAPER)
    return element("path", d=shapes[name], fill=fill, stroke=INK, stroke_width=2 if name == "x-thin" else 1.5, **at)


def letters(content: str, size: float = SIZE) -> float:
    """About how wide a text is, in pixels."""
    return len(content) * _LETTER * size / SIZE


def fitting(content: str, width: float) -> str:
    """Return the text, cut with an ellipsis where it is too wide."""
    most = max(int(width / _LETTER), 1)
    return content if len(content) <= most else content[: most - 1] + "…"


def document(height: float, content: str, width: int = WIDTH) -> str:
    """Return a whole SVG on white paper."""
    paper = element("rect", width=width, height=round(height), fill=PAPER)
    size = {"width": width, "height": round(height), "viewBox": f"0 0 {width} {round(height)}"}
    return element("svg", paper + content, xmlns="http://www.w3.org/2000/svg", **size, font_family=FONT)


def address(svg: str) -> str:
    """Return the SVG as a data address, which shows in an <img> even where scripts and inline SVG do not."""
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
