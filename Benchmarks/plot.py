"""Draws small charts into one SVG, readable on light and on dark pages."""

import math
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

STYLE = """
text { fill: #1f2328; font: 12px sans-serif; } .small { font-size: 10px; fill: #59636e; }
.axis { stroke: #afb8c1; } .limit { stroke: #8c959f; stroke-dasharray: 4 4; fill: none; }
.line { stroke: #0969da; stroke-width: 1.5; fill: none; } .dot { fill: #0969da; }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; } .small { fill: #9198a1; } .axis { stroke: #3d444d; }
.line { stroke: #4493f8; } .dot { fill: #4493f8; } }
"""


@dataclass
class Chart:
    """A line from zero up, and perhaps a dashed one that it should stay below."""

    title: str
    points: list[tuple[float, float]]
    limit: list[tuple[float, float]] = field(default_factory=list)


def draw(charts: list[Chart], ticks: dict[float, str], columns: int = 1, logarithmic: bool = False,
         width: int = 720, height: int = 130) -> str:
    """The charts in rows; `ticks` name places on the axis of x, which they all share."""
    rows = math.ceil(len(charts) / columns)
    cell = width / columns
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {rows * height + 8}"'
             f' width="{width}" height="{rows * height + 8}"><style>{STYLE}</style>']
    scale = math.log if logarithmic else float
    for place, chart in enumerate(charts):
        left, top = place % columns * cell + 14, place // columns * height
        parts += panel(chart, ticks, scale, left, top + 18, cell - 28, height - 40)
    return "\n".join(parts) + "\n</svg>\n"


def panel(chart: Chart, ticks: dict[float, str], scale, left: float, top: float, width: float,
          height: float) -> list[str]:
    """One chart whose lines lie between `top` plus the title and `top + height`."""
    begin, end = scale(min(ticks)), scale(max(ticks))
    highest = max(y for _, y in chart.points + chart.limit) or 1
    bottom = top + height

    def place(point: tuple[float, float]) -> tuple[float, float]:
        x = left + width * (scale(point[0]) - begin) / ((end - begin) or 1)
        return x, bottom - (height - 26) * point[1] / highest

    def path(points: list[tuple[float, float]], kind: str) -> str:
        places = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(place, points))
        return f'<polyline class="{kind}" points="{places}"/>'

    parts = [f'<text x="{left}" y="{top}">{escape(chart.title)}</text>',
             f'<path class="axis" d="M{left} {bottom}h{width}"/>']
    if chart.limit:
        parts.append(path(chart.limit, "limit"))
    parts.append(path(chart.points, "line"))
    for x, label in ticks.items():
        parts.append(label_at(place((x, 0))[0], bottom + 13, label, left, width))
    # A long series shows its shape, a short one its values.
    if len(chart.points) <= 8:
        for point in chart.points:
            x, y = place(point)
            parts.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>')
            parts.append(label_at(x, y - 6, number(point[1]), left, width))
    return parts


def label_at(x: float, y: float, text: str, left: float, width: float) -> str:
    """A small text at a place, which does not leave the chart at its ends."""
    anchor = "start" if x < left + 12 else "end" if x > left + width - 12 else "middle"
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text class="small" {place}>{escape(text)}</text>'


def number(value: float) -> str:
    """A value in three digits or so."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2g}"
