"""The tower as SVG: the same bytes from the same models."""

from collections.abc import Iterator
from html import escape

from config.data_model.boxes import EDGE, HEAD, LANE, TREES, Box, Floor, floors
from config.data_model.rooms import Room

STYLE = """
text{font-family:'DejaVu Sans',Verdana,Arial,sans-serif;font-size:11px;fill:#333}
.title{font-size:21px;font-weight:bold;fill:#111}.name{font-size:13px;font-weight:bold;fill:#111}
.room{font-size:15px;font-weight:bold}.file{font-size:9.5px;fill:#666}
.box{fill:#fff;stroke:#999}.guard{fill:#111}.frame{fill:#fff;fill-opacity:.5;stroke:#888}
.arrow{fill:none;stroke:#555;stroke-width:1.2}.tip{fill:#555}.empty{stroke-dasharray:4 3}
.floor{stroke:#ddd}.lift{fill:none;stroke-width:2.2}
"""
LEGEND = """
Each floor is a file of models, each box a table, each arrow a foreign key; a frame is one arrow for
all in it. A dashed arrow, and a name with a ?, may be empty. Under a table’s name stands what else
it points at, in the colour of that floor. A black edge: the database guards the rows, even from us.
To the right each floor has a lift: it stops where the arrow is, and a dot is a floor that uses it.
"""


def draw(tower: list[Room]) -> str:
    """The whole picture as SVG, with a line break at its end."""
    legend = LEGEND.strip().splitlines()
    laid = floors(tower, 64 + 17 * len(legend))
    height = round(laid[-1].y + laid[-1].height + EDGE)
    width = EDGE + HEAD + TREES + 26 + LANE * len(set().union(*(r.targets() for r in tower))) + EDGE
    hues = {floor.room.name: floor.hue for floor in laid}
    total = sum(len(room.tables) for room in tower)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
            f' width="{width}" height="{height}" role="img">'
        ),
        f"<title>The data model: {total} tables in {len(tower)} files, what points at what</title>",
        f"<style>{STYLE}</style>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text class="title" x="{EDGE}" y="42">What stands on what: {total} tables</text>',
        *(f'<text x="{EDGE}" y="{66 + 17 * i}">{escape(t)}</text>' for i, t in enumerate(legend)),
        *(part for floor in laid for part in _floor(floor, width)),
        *_lifts(laid),
        *(part for floor in laid for tree in floor.trees for part in _tree(tree, hues)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _ink(hue: int) -> str:
    return f"hsl({hue},70%,30%)"


def _floor(floor: Floor, width: int) -> Iterator[str]:
    y, middle = floor.y, floor.middle
    yield (
        f'<line class="floor" x1="{EDGE}" x2="{width - EDGE}" y1="{_n(middle)}" y2="{_n(middle)}"/>'
    )
    yield (
        f'<rect x="{EDGE}" y="{_n(y)}" width="{HEAD + TREES + 12}" height="{_n(floor.height)}"'
        f' rx="6" fill="hsl({floor.hue},60%,95%)" stroke="hsl({floor.hue},40%,75%)"/>'
    )
    yield (
        f'<text class="room" x="{EDGE + 12}" y="{_n(y + 28)}" '
        f'style="fill:{_ink(floor.hue)}">{escape(floor.room.name)}</text>'
    )
    yield f'<text class="file" x="{EDGE + 12}" y="{_n(y + 43)}">{escape(floor.room.file)}</text>'


def _lifts(laid: list[Floor]) -> Iterator[str]:
    """A lift for each floor that others point at; the lower it stops, the further out it goes."""
    left = EDGE + HEAD + TREES + 12
    x = left + 14
    for floor in laid:
        users = [other for other in laid if floor.room.name in other.room.targets()]
        if not users:
            continue
        x += LANE
        ends = [other.middle for other in users] + [floor.middle]
        ink = _ink(floor.hue)
        yield (
            f'<path class="lift" stroke="{ink}" d="M{x} {_n(min(ends))}V{_n(max(ends))}'
            f'M{x} {_n(floor.middle)}H{left + 8}"/>'
        )
        yield _tip(left + 1, floor.middle, ink)
        for other in users:
            yield f'<circle cx="{x}" cy="{_n(other.middle)}" r="4.5" fill="{ink}"/>'


def _tree(box: Box, hues: dict[str, int]) -> Iterator[str]:
    for child in box.hung:
        yield from _arrow(
            box, child.x, child.y + 13, bool(child.hangs_by and child.hangs_by.may_be_empty)
        )
    if box.framed:
        x, y = min(b.x for b in box.framed) - 6, min(b.y for b in box.framed) - 6
        right = max(b.x + b.width for b in box.framed) + 6
        down = max(b.y + b.height for b in box.framed) + 6
        yield from _arrow(box, x, box.y + 13, is_dashed=False)
        yield (
            f'<rect class="frame" x="{_n(x)}" y="{_n(y)}" width="{_n(right - x)}"'
            f' height="{_n(down - y)}" rx="6"/>'
        )
    yield from _box(box, hues)
    for child in (*box.framed, *box.hung):
        yield from _tree(child, hues)


def _arrow(to: Box, x: float, y: float, is_dashed: bool) -> Iterator[str]:
    """From a point left of a box to the right edge of the one it hangs on."""
    end, level, turn = to.x + to.width, to.y + 13, to.x + to.width + 17
    dashed = " empty" if is_dashed else ""
    yield f'<path class="arrow{dashed}" d="M{_n(x)} {_n(y)}H{_n(turn)}V{_n(level)}H{_n(end + 7)}"/>'
    yield _tip(end + 1, level, "#555")


def _tip(x: float, y: float, ink: str) -> str:
    return f'<path fill="{ink}" d="M{_n(x)} {_n(y)}l8 -4v8z"/>'


def _box(box: Box, hues: dict[str, int]) -> Iterator[str]:
    x, y = box.x, box.y
    yield (
        f'<rect class="box" x="{_n(x)}" y="{_n(y)}" width="{_n(box.width)}" height="{box.height}"'
        ' rx="3"/>'
    )
    if box.table.is_guarded:
        yield f'<rect class="guard" x="{_n(x)}" y="{_n(y)}" width="4" height="{box.height}"/>'
    yield f'<text class="name" x="{_n(x + 10)}" y="{_n(y + 17)}">{escape(box.table.name)}</text>'
    for number, line in enumerate(box.lines):
        spans = "".join(
            f'<tspan style="fill:{_ink(hues[room])}">{escape(text)}</tspan>' if room
            else escape(text)
            for text, room in line
        )  # fmt: skip
        yield (
            f'<text x="{_n(x + 10)}" y="{_n(y + 34 + 15 * number)}" xml:space="preserve">'
            f"{spans}</text>"
        )


def _n(number: float) -> str:
    """A number as short as it can be written."""
    return f"{number:.1f}".removesuffix(".0")
