"""The handbook as it is read: its contents by part, a chapter's neighbours, and a search in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.functional import Promise

from invest.handbook.chapters import FILE_NAME, PARTS, Chapter, Section, chapters, html
from invest.links import absolute

LONGEST_SEARCH = 80
MOST_HITS = 4  # In one chapter; the chapter itself tells the rest.
_AROUND = 70  # Letters told before what was found; twice as many after it.


@dataclass(frozen=True, slots=True)
class Part:
    """Chapters that belong together."""

    number: int
    title: str | Promise
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text, and whether it is what was searched for."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A section where everything searched for stands."""

    section: Section
    heading: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A chapter with hits, and its first `MOST_HITS` of them."""

    chapter: Chapter
    hits: tuple[Hit, ...]


def parts(language: str) -> list[Part]:
    """The contents, derived from the files."""
    grouped = groupby(chapters(language), key=lambda known: known.part)
    return [Part(number, PARTS[number], tuple(group)) for number, group in grouped]


def chapter(language: str, slug: str) -> Chapter | None:
    """The chapter with that slug, if there is one."""
    return next((known for known in chapters(language) if known.slug == slug), None)


def neighbours(read: Chapter) -> dict[str, Chapter | None]:
    """The chapters before and after."""
    book = chapters(read.language)
    at = book.index(read)
    return {
        "previous": book[at - 1] if at else None,
        "next": book[at + 1] if at + 1 < len(book) else None,
    }


def searched(language: str, words: Sequence[str]) -> list[Found]:
    """Chapters with a section, heading and text, where all the words stand; no words, no chapters.

    Letters large and small are alike; a part of a word is enough.
    """
    found = []
    for known in chapters(language) if words else ():
        hits = [_hit(section, words) for section in known.sections if _has(section, words)]
        if hits:
            found.append(Found(known, tuple(hits[:MOST_HITS])))
    return found


def _has(section: Section, words: Sequence[str]) -> bool:
    told = f"{section.heading}\n{section.text}".lower()
    return all(word.lower() in told for word in words)


def _hit(section: Section, words: Sequence[str]) -> Hit:
    pattern = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
    text = section.text.replace("\n", " · ")
    first = pattern.search(text)
    middle = first.start() if first else 0
    # Cut at a space, so that no half word is told.
    start = text.find(" ", middle - _AROUND) + 1 if middle > _AROUND else 0
    start = min(start, middle)
    end = text.find(" ", middle + 2 * _AROUND)
    cut = ("… " if start else "") + (f"{text[start:end]} …" if end > 0 else text[start:])
    return Hit(section, _pieces(section.heading, pattern), _pieces(cut, pattern))


def _pieces(text: str, pattern: re.Pattern[str]) -> tuple[Piece, ...]:
    def cut() -> Iterator[Piece]:
        at = 0
        for match in pattern.finditer(text):
            yield Piece(text[at : match.start()], is_hit=False)
            yield Piece(match[0], is_hit=True)
            at = match.end()
        yield Piece(text[at:], is_hit=False)

    return tuple(piece for piece in cut() if piece.text)


def page_html(read: Chapter) -> str:
    """A chapter for its page, without its title."""
    return html(read, address=_on_a_page)


def paper_html(read: Chapter) -> str:
    """A chapter for the whole book, where a part is a second heading and its title a third."""
    return html(read, address=_on_paper, deeper=2, prefix=_in_the_book(read.slug))


def _on_a_page(target: str) -> str:
    """Where a link in a chapter leads on the site: another chapter's file is its page."""
    file, mark, anchor = target.partition("#")
    name = FILE_NAME.fullmatch(file)
    return reverse("handbook_chapter", args=[name["slug"]]) + mark + anchor if name else target


def _on_paper(target: str) -> str:
    """Where a link leads in the whole book on paper: a chapter's place in it, or the site."""
    file, _mark, anchor = target.partition("#")
    name = FILE_NAME.fullmatch(file)
    if name:
        return "#" + _in_the_book(name["slug"]) + anchor
    return absolute(target) if target.startswith("/") else target


def _in_the_book(slug: str) -> str:
    """What stands before every anchor of a chapter; alone it is the chapter's own."""
    return f"{slug}--"
