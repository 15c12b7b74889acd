"""The handbook: a chapter is a Markdown file in each language, `<nn>-<slug>.<language>.md`.

The number orders the chapters, and its tens say the part (`PARTS`); the first line is the title.
Chapters link to each other by file name, so that the links also lead where files are read as files.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = Path(__file__).parent
FILE_NAME = re.compile(r"(?P<number>\d\d)-(?P<slug>[a-z-]+)\.(?P<language>sv|en)\.md")
PARTS: dict[int, Promise] = {
    0: _("The path"),
    1: _("Forms of meeting"),
    2: _("Forms of investment"),
    3: _("Tools"),
}
SUM_WORDS = {"Summa", "Sum"}
# Raw HTML in a chapter is shown as text: whoever mends the handbook cannot bring a script in.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_SENTENCES = re.compile(r"(?<=[.?!]) ")
_OPENING = 150  # Letters.
_ALIGNED_RIGHT = "text-align:right"
# Where a line may not break: inside a number, and between it and what it counts.
_NO_BREAK = re.compile(r"(?<=\d) (?=\d{3}(?!\d)|(?:kr|öre|kWh|%)(?!\w))|(?<=SEK) (?=\d)")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the plain text under it; the anchor of a chapter's opening is empty."""

    anchor: str
    level: int
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter in one language. The first section is its opening, under the title."""

    number: int
    slug: str
    language: str
    source: str
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        """The first line of the file."""
        return self.sections[0].heading

    @property
    def opening(self) -> str:
        """The first sentences, as plain text: as many as a list has room for."""
        first, *more = _SENTENCES.split(self.sections[0].text.partition("\n")[0])
        for sentence in more:
            if len(first) + len(sentence) > _OPENING:
                break
            first += f" {sentence}"
        return first

    @property
    def part(self) -> int:
        """Which of `PARTS` it belongs to."""
        return self.number // 10

    @property
    def file_name(self) -> str:
        """What other chapters call it."""
        return f"{self.number:02}-{self.slug}.{self.language}.md"


@cache
def chapters(language: str) -> tuple[Chapter, ...]:
    """All chapters in a language, in the book's order. Read once: a new text needs a new start."""
    names = [FILE_NAME.fullmatch(path.name) for path in sorted(FOLDER.glob("*.md"))]
    return tuple(
        read(int(name["number"]), name["slug"], language, (FOLDER / name[0]).read_text("utf-8"))
        for name in names
        if name and name["language"] == language
    )


def read(number: int, slug: str, language: str, source: str) -> Chapter:
    """A chapter from its Markdown."""
    source = _NO_BREAK.sub("\N{NO-BREAK SPACE}", source)
    return Chapter(number, slug, language, source, tuple(_sections(_MARKDOWN.parse(source))))


@cache
def html(
    chapter: Chapter, *, address: Callable[[str], str], deeper: int = 0, prefix: str = ""
) -> str:
    """The chapter as HTML without its title.

    `address` makes an address of each link's target as it stands in the file; headings go down by
    `deeper` levels, and `prefix` stands before every anchor, so that a book has each only once.
    """
    tokens = _MARKDOWN.parse(chapter.source)
    anchors = iter(section.anchor for section in chapter.sections)
    made: list[Token] = []
    label = prefix
    for at, token in enumerate(tokens):
        match token.type:
            case "heading_open":
                label = prefix + next(anchors)
                token.attrs["id"] = label
                token.tag = f"h{int(token.tag[1]) + deeper}"
            case "heading_close":
                token.tag = f"h{int(token.tag[1]) + deeper}"
            case "table_open":
                token.attrs["class"] = "figures"
                made.append(_raw(_scroll(label or "title")))
            case "tr_open":
                _mark_row(tokens, at)
            case "blockquote_open":
                token.attrs["class"] = "example"
            case "inline":
                _lead(token, address)
        made.append(token)
        if token.type == "table_close":
            made.append(_raw("</div>\n"))
    told: str = _MARKDOWN.renderer.render(made[_TITLE:], _MARKDOWN.options, {})
    return told


_TITLE = 3  # The tokens of the first line: its heading opens, its words, it closes.


def _raw(text: str) -> Token:
    return Token("html_block", "", 0, content=text)


def _scroll(label: str) -> str:
    """A wide table scrolls on a phone, by finger and by keyboard."""
    return f'<div class="table-scroll" tabindex="0" role="region" aria-labelledby="{label}">\n'


def _mark_row(tokens: list[Token], at: int) -> None:
    """Tell what heads the row and what is a number: by class, as inline style is not let in."""
    cells = []
    for place in range(at + 1, len(tokens)):
        if tokens[place].type == "tr_close":
            break
        if tokens[place].type in {"th_open", "td_open"}:
            cells.append(place)
    for turn, place in enumerate(cells):
        opened, closed = tokens[place], tokens[place + 2]
        if opened.attrs.pop("style", "") == _ALIGNED_RIGHT:
            opened.attrs["class"] = "number"
        if opened.tag == "th":
            opened.attrs["scope"] = "col"
        elif turn == 0:
            opened.tag = closed.tag = "th"
            opened.attrs["scope"] = "row"
            if _plain(tokens[place + 1]) in SUM_WORDS:
                tokens[at].attrs["class"] = "sum"


def _lead(inline: Token, address: Callable[[str], str]) -> None:
    for child in inline.children or []:
        if child.type == "link_open":
            child.attrs["href"] = address(str(child.attrs["href"]))


def _sections(tokens: list[Token]) -> Iterator[Section]:
    """The text under each heading, a paragraph or cell a line."""
    used: set[str] = set()
    anchor, level, heading, lines = "", 1, "", list[str]()
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            if heading:
                yield Section(anchor, level, heading, "\n".join(lines))
            level, heading, lines = int(token.tag[1]), _plain(tokens[at + 1]), []
            anchor = _unused(slugify(heading), used) if level > 1 else ""
        elif token.type == "inline" and tokens[at - 1].type != "heading_open":
            lines.append(_plain(token))
    yield Section(anchor, level, heading, "\n".join(lines))


def _unused(anchor: str, used: set[str]) -> str:
    free = anchor
    turn = 1
    while free in used:
        turn += 1
        free = f"{anchor}-{turn}"
    used.add(free)
    return free


def _plain(inline: Token) -> str:
    words = (
        " " if child.type in {"softbreak", "hardbreak"} else child.content
        for child in inline.children or []
    )
    return "".join(words).strip()
