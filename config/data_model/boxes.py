"""Tables on paper: boxes that hang on each other as trees, and floors of them. No ink yet."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from config.data_model.rooms import Link, Room, Table

EDGE, HEAD, TREES = 24, 178, 800  # The margin, a room's name, its tables.
LANE, GAP, STEP = 17, 9, 30  # Between lifts, between boxes, from a table to those that point at it.
FRAME_FROM = 3  # So many leaves under one table share a frame and one arrow.


@dataclass(slots=True)
class Box:
    """A table on paper: its other links as lines of text, and those that hang on it."""

    table: Table
    hangs_by: Link | None
    lines: list[list[tuple[str, str]]]  # (text, the room that colours it) …
    hung: list["Box"] = field(default_factory=list)
    framed: list["Box"] = field(default_factory=list)
    x: float = 0
    y: float = 0

    @property
    def width(self) -> float:
        """As wide as its widest line."""
        texts = [text_width(self.table.name, 13, bold=True)]
        texts += [text_width("".join(text for text, _ in line), 11) for line in self.lines]
        return round(max(texts) + 20)

    @property
    def height(self) -> int:
        """The name, and a line for each line."""
        return 25 + 15 * len(self.lines) + (2 if self.lines else 0)

    def everybody(self) -> Iterator["Box"]:
        """This box and all that hang on it."""
        yield self
        for box in (*self.framed, *self.hung):
            yield from box.everybody()


def text_width(text: str, size: int, *, bold: bool = False) -> float:
    """About as wide as the widest of the usual fonts would set it, in pixels."""
    narrow, slim, wide = "ijlI,.·' ", "frt", "mwMW→"
    em = sum(
        0.33 if c in narrow else 0.42 if c in slim else 0.93 if c in wide else 0.71 if c.isupper()
        else 0.63
        for c in text
    )  # fmt: skip
    return em * size * (1.1 if bold else 1)


def boxes(room: Room) -> list[Box]:
    """The tables of a room as trees, each hung on the first in the room that it must point at."""
    names = [table.name for table in room.tables]
    made: dict[str, Box] = {}
    for table in room.tables:
        inside = [
            link for link in table.links if link.room == room.name and link.target != table.name
        ]
        by = min(inside, key=lambda link: link.may_be_empty, default=None)
        if by and _hangs_on(room, by.target, table.name):
            by = None
        made[table.name] = Box(table, by, _lines(table, by, room.name))
    for name in names:
        box = made[name]
        if box.hangs_by:
            made[box.hangs_by.target].hung.append(box)
    for box in made.values():
        leaves = [b for b in box.hung if not b.hung and b.hangs_by and not b.hangs_by.may_be_empty]
        if len(leaves) >= FRAME_FROM:
            box.framed = leaves
            box.hung = [b for b in box.hung if b not in leaves]
    return [box for box in made.values() if not box.hangs_by]


def _hangs_on(room: Room, name: str, other: str) -> bool:
    """Whether the tables of a room point in a circle from `name` back to `other`."""
    points = {t.name: {k.target for k in t.links if k.room == room.name} for t in room.tables}
    seen, ahead = set[str](), [name]
    while ahead:
        here = ahead.pop()
        if here == other:
            return True
        if here not in seen:
            seen.add(here)
            ahead += sorted(points[here])
    return False


def _lines(
    table: Table, by: Link | None, room: str, most: float = 190
) -> list[list[tuple[str, str]]]:
    """What a table points at but by its place in the tree: `Person, debit → Account, fair? …`."""
    named: dict[tuple[str, str], list[Link]] = {}
    for link in table.links:
        if link is not by:
            named.setdefault((link.target, link.room), []).append(link)
    lines: list[list[tuple[str, str]]] = []
    for (target, its_room), links in named.items():
        text = _label(target, links)
        taken = "".join(told for told, _ in lines[-1]) if lines else ""
        if lines and text_width(f"{taken}, {text}", 11) <= most:
            lines[-1] += [(", ", ""), (text, its_room)]
        else:
            lines.append([("→ " if not lines else "    ", ""), (text, its_room)])
    return lines


def _label(target: str, links: list[Link]) -> str:
    spelled = "".join(f"_{c.lower()}" if c.isupper() else c for c in target).removeprefix("_")
    if [link.name for link in links] == [spelled]:
        return target + ("?" if links[0].may_be_empty else "")
    return f"{target} ({', '.join(link.label for link in links)})"


def place(box: Box, x: float, y: float) -> tuple[float, float]:
    """Put a tree at its upper left corner; the answer is how far it reaches, right and down."""
    box.x, box.y = x, y
    right, down = x + box.width, y + box.height
    inner, top = right + STEP, y
    if box.framed:
        right, top = _place_framed(box, inner, y)
        down, top = max(down, top), top + GAP
    for hung in box.hung:
        reached, bottom = place(hung, inner, top)
        right, down, top = max(right, reached), max(down, bottom), bottom + GAP
    return right, down


def _place_framed(box: Box, x: float, y: float) -> tuple[float, float]:
    """Leaves of one table side by side, in as many columns as there is room for, at most three."""
    widest = max(leaf.width for leaf in box.framed)
    columns = max(1, min(3, int((EDGE + HEAD + TREES - x) // (widest + GAP))))
    right = x + GAP
    for column in range(columns):
        leaves = box.framed[column::columns]
        for leaf in leaves:
            leaf.x = right
        right += max(leaf.width for leaf in leaves) + GAP
    top = y
    for first in range(0, len(box.framed), columns):
        row = box.framed[first : first + columns]
        for leaf in row:
            leaf.y = top
        top += max(leaf.height for leaf in row) + GAP
    return right, top - GAP


@dataclass(frozen=True, slots=True)
class Floor:
    """A room with its place: its trees, where it begins, and how high it is."""

    room: Room
    hue: int
    trees: tuple[Box, ...]
    y: float
    height: float

    @property
    def middle(self) -> float:
        """Where its line to the lifts runs."""
        return self.y + self.height / 2


def floors(tower: list[Room], y: float) -> list[Floor]:
    """The tower from its top; trees of a room stand side by side while there is room."""
    answer: list[Floor] = []
    for number, room in reversed(list(enumerate(tower))):
        trees = boxes(room)
        x, top, down = float(EDGE + HEAD), y + 12, y + 12
        for tree in trees:
            right, bottom = place(tree, x, top)
            if right > EDGE + HEAD + TREES and x > EDGE + HEAD:
                x, top = EDGE + HEAD, down + GAP
                right, bottom = place(tree, x, top)
            x, down = right + STEP, max(down, bottom)
        height = max(down - y + 12, 54)
        answer.append(Floor(room, round(205 + number * 137.5) % 360, tuple(trees), y, height))
        y += height + 6
    return answer
