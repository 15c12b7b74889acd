"""The lists of a desk: sorted, searched, turned page by page, and taken home as a file.

A list is a `DeskTable` of a room's `tables.py` over rows of its readers. Everything is asked for in
the address, so that it works by keyboard, without a script and in a bookmark.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from urllib.parse import urlencode

import django_tables2 as tables
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Collate, Lower, Replace
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_tables2.data import TableListData
from django_tables2.utils import Accessor, OrderBy
from moneyed import Money

from invest.similarity import fold, in_swedish
from invest.web.papers import FILES, table_file
from pools.wording import kronor_text, money_text, number_text

log = logging.getLogger(__name__)

MOST_ASKED = 100  # Letters that are searched for.
FEW = 5  # Rows that nobody needs to search.
NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}


class Listed(TableListData):  # type: ignore[misc] # django-tables2 has no stubs
    """Rows that a reader has read already: words stand in Swedish order, what is empty last."""

    data: list[Any]

    def order_by(self, aliases: Any) -> None:
        """Sort by each head that was asked for, the first of them counting most."""
        for alias in reversed(list(aliases)):
            asked = OrderBy(alias)
            bound = self.table.columns[asked.bare]
            by = [OrderBy(each).bare for each in bound.column.order_by or (bound.accessor,)]
            ranked = [([_rank(_resolved(row, each)) for each in by], row) for row in self.data]
            filled = [pair for pair in ranked if pair[0][0][0] == 0]
            filled.sort(key=lambda pair: pair[0], reverse=asked.is_descending)
            empty = [row for ranks, row in ranked if ranks[0][0]]
            self.data = [row for _ranks, row in filled] + empty


def _resolved(row: object, accessor: str) -> Any:
    return Accessor(accessor).resolve(row, quiet=True)


def _rank(value: Any) -> tuple[int, Any]:
    if value is None or value == "":
        return (1, 0)
    if isinstance(value, Money):
        return (0, value.amount)
    if isinstance(value, int | float | Decimal | date):
        return (0, value)
    return (0, in_swedish(str(value)))


WORDS = {"td": {"class": "user-text"}}


class InSwedish:
    """A column whose words stand in Swedish order, also where the database sorts them."""

    order_by: Any
    accessor: Any

    def order(self, rows: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:
        """By the first of `order_by` in Swedish order, then by the rest as they are."""
        first, *rest = [OrderBy(each) for each in self.order_by or (self.accessor,)]
        told = _last_letters(str(first.bare))
        by = told.desc(nulls_last=True) if is_descending else told.asc(nulls_last=True)
        later = [f"-{each}" if is_descending else str(each) for each in rest]
        return rows.order_by(by, *later), True


class WordColumn(InSwedish, tables.Column):  # type: ignore[misc]
    """What somebody wrote: it breaks where it must."""

    def __init__(self, *args: Any, most: int = 0, **options: Any) -> None:
        super().__init__(*args, **{"attrs": WORDS, **options})
        self.most = most

    def render(self, value: Any) -> str:
        """No longer than a cell bears."""
        text = str(value)
        return f"{text[: self.most - 1]}…" if self.most and len(text) > self.most else text

    def value(self, value: Any) -> str:
        """The whole text."""
        return str(value)


class WordTemplateColumn(InSwedish, tables.TemplateColumn):  # type: ignore[misc]
    """Words with more below them, by a template; its table says what they are in a file."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"attrs": WORDS, **options})


def _last_letters(lookup: str) -> Any:
    """Folded, with å, ä and ö behind z, whatever the database makes of them."""
    told: Combinable = Lower(F(lookup))
    for letter, last in zip("åäöÅÄÖ", "{|}{|}", strict=True):
        told = Replace(told, Value(letter), Value(last))
    return Collate(told, "C") if connection.vendor == "postgresql" else told


class KronorColumn(tables.Column):  # type: ignore[misc]
    """Öre, or money: in kronor to the right; in a file a number with two decimals."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"attrs": NUMBER, **options})

    def render(self, value: int | Money) -> str:
        """In the reader's language."""
        return money_text(value) if isinstance(value, Money) else kronor_text(value)

    def value(self, value: int | Money) -> Decimal:
        """Kronor."""
        amount = value.amount if isinstance(value, Money) else Decimal(value).scaleb(-2)
        return amount.quantize(Decimal("0.01"))


class NumberColumn(tables.Column):  # type: ignore[misc]
    """A whole number, to the right."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"attrs": NUMBER, **options})

    def render(self, value: int) -> str:
        """With its thousands parted."""
        return number_text(value)

    def value(self, value: int) -> int:
        """The number."""
        return value


class DayColumn(tables.Column):  # type: ignore[misc]
    """A day, or a moment with its clock, in our own time."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"attrs": {"td": {"class": "text-nowrap"}}, **options})

    def render(self, value: date) -> str:
        """As the reader's language writes it, the month in letters; files have ISO 8601."""
        told = self.value(value)
        day = formats.date_format(told)
        return f"{day} {told:%H:%M}" if isinstance(told, datetime) else day

    def value(self, value: date) -> date:
        """The day, or the moment to the minute, as a clock on the wall shows it."""
        if isinstance(value, datetime):
            return timezone.localtime(value).replace(second=0, microsecond=0, tzinfo=None)
        return value


class TickColumn(tables.Column):  # type: ignore[misc]
    """Yes, or nothing."""

    empty_values = (None, "", False)

    def render(self, value: Any) -> str:
        """In words."""
        return str(_("yes"))


class DeskTable(tables.Table):  # type: ignore[misc]
    """A list of a desk. `asked` reads the address; `file` is what it asked to take home.

    `caption` says of what; `row_head` names the column that says whose row it is; `searched` are
    the accessors of the words that are looked in. With a `prefix` two lists share an address.
    """

    caption: Any = ""
    shows_caption = False
    row_head = ""
    searched: tuple[str, ...] = ()
    words_field = "q"
    rows_a_page = 50
    has_files = True

    nothing: Any = _("Nothing is here yet.")

    def __init__(self, data: Any, *, caption: Any = None, **options: Any) -> None:
        rows = data if isinstance(data, QuerySet) else Listed(list(data))
        looks = {"template_name": "components/table.html", "attrs": {"class": "figures"}}
        super().__init__(rows, empty_text=self.nothing, **{**looks, **options})
        self.caption = caption or self.caption
        self.words, self.file_name, self.here = "", "", ""
        self.asked_of: QueryDict = QueryDict(mutable=True)

    def asked(
        self,
        request: HttpRequest,
        name: str = "",
        *,
        here: str = "",
        kept: Mapping[str, str] | None = None,
        at: Callable[[Any], bool] | None = None,
    ) -> Self:
        """As the address asks; what it asks wrongly is passed over. `name` is that of a file.

        `here` is the address of the list, where the request may have come to another, and `kept`
        what must be asked there.
        `at` picks a row whose page is shown whatever was asked: one that could not be handled.
        """
        self.asked_of = request.GET.copy()
        self.file_name = name
        for key, value in (kept or {}).items():
            self.asked_of[key] = value
        self.request, self.here = request, here
        self.words = " ".join(request.GET.get(self.prefix + self.words_field, "").split())
        self.words = self.words.replace("\x00", "")[:MOST_ASKED]
        if self.words:
            self._narrow(fold(self.words).split())
        if asked := request.GET.getlist(self.prefixed_order_by_field):
            self.order_by = asked
        self.paginator = Paginator(self.rows, self.rows_a_page)
        number = request.GET.get(self.prefixed_page_field, "")
        self.page = self.paginator.get_page(self._page_with(at) or number)
        return self

    def _narrow(self, wanted: list[str]) -> None:
        """Keep the rows that hold every word. Folded in Python: SQLite folds no å, ä, ö."""

        def holds(words: tuple[Any, ...]) -> bool:
            text = fold(" ".join(str(word) for word in words if word is not None))
            return all(word in text for word in wanted)

        rows = self.data.data
        if isinstance(rows, QuerySet):
            told = rows.order_by().values_list("pk", *self.searched)
            self.data.data = rows.filter(pk__in=[pk for pk, *words in told if holds(tuple(words))])
        else:
            self.data.data = [
                row for row in rows if holds(tuple(_resolved(row, a) for a in self.searched))
            ]

    def _page_with(self, at: Callable[[Any], bool] | None) -> int:
        found = (i for i, row in enumerate(self.data if at else ()) if at and at(row))
        place = next(found, None)
        return 0 if place is None else place // self.rows_a_page + 1

    @property
    def records(self) -> list[Any]:
        """The rows of the page, for a template that shows each its own way."""
        return [row.record for row in self.page.object_list]

    @property
    def is_asked(self) -> bool:
        """Whether the address asks anything of this list: one that is folded then opens."""
        mine = (self.words_field, self.order_by_field, self.page_field)
        return any(f"{self.prefix}{name}" in self.asked_of for name in mine)

    @property
    def found(self) -> int:
        """How many rows there are, on all pages."""
        return int(self.paginator.count)

    @property
    def needs_search(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.searched) and (bool(self.words) or self.found > FEW)

    @property
    def anchor(self) -> str:
        """Where the list begins on its page."""
        return f"{self.prefix}list"

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What else was asked of the page, which a search keeps."""
        return list(self._kept(self.prefix + self.words_field))

    @property
    def rest(self) -> str:
        """What was asked, but for which page of it: for the links between pages."""
        return urlencode(list(self._kept()))

    @property
    def without_words(self) -> str:
        """The address of the whole list."""
        return f"{self.here}?{urlencode(self.hidden)}#{self.anchor}"

    @property
    def sort_links(self) -> list[tuple[str, str, bool]]:
        """By what rows that are no table may be sorted: address, words, whether they are."""
        return [
            (self.sorted_by(column), str(column.header), column.is_ordered)
            for column in self.columns.iterorderable()
            if column.column.visible
        ]

    def sorted_by(self, column: Any) -> str:
        """The address of the list sorted by a head, or by the same head the other way round."""
        by = self.prefixed_order_by_field
        asked = urlencode([*self._kept(by), (by, column.order_by_alias.next)])
        return f"{self.here}?{asked}#{self.anchor}"

    @property
    def files(self) -> list[tuple[str, str]]:
        """Address and name of each file that holds all the rows that were found."""
        if not (self.has_files and self.found):
            return []
        kept, asked = list(self._kept()), f"{self.prefix}as"
        return [
            (f"{self.here}?{urlencode([*kept, (asked, code)])}", str(name))
            for code, name in FILES.items()
        ]

    def file(self) -> HttpResponse | None:
        """The list as the file that was asked for; None where none was."""
        wanted = self.asked_of.get(f"{self.prefix}as", "")
        if self.request.method not in {"GET", "HEAD"} or wanted not in FILES or not self.has_files:
            return None
        log.info("user:%s took %s as %s", self.request.user.pk, self.file_name, wanted)
        return table_file(self.as_values(), self.file_name, wanted)

    def _kept(self, *dropped: str) -> Iterator[tuple[str, str]]:
        gone = {*dropped, self.prefixed_page_field, f"{self.prefix}as"}
        for name, values in self.asked_of.lists():
            yield from ((name, value) for value in values if value and name not in gone)


def first_file(*listed: DeskTable) -> HttpResponse | None:
    """The file that was asked of one of the lists of a page."""
    return next((file for table in listed if (file := table.file())), None)


def summed(bound_column: Any, table: Any) -> str:
    """The sum of a column of numbers over every row that was found, for its foot."""
    return number_text(sum(_resolved(row, bound_column.accessor) or 0 for row in table.data))


def badge(label: object, tone: str = "") -> str:
    """A state in words, with a colour beside them."""
    return format_html('<span class="badge-state {}">{}</span>', tone, label)
