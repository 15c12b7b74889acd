"""The lists of the desks: sorted, searched, turned page by page, taken home as files."""

import io
from dataclasses import dataclass
from datetime import date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from invest.models import Person
from invest.web.papers import FILES
from invest.web.tables import DayColumn, DeskTable, KronorColumn, NumberColumn, WordColumn
from tests import factories as make

ENGLISH = {"accept-language": "en"}


@dataclass(frozen=True)
class Row:
    """Somebody with an amount in öre, since a day."""

    name: str
    minor: int | None = 0
    on: date | None = None
    number: int = 1


class Names(DeskTable):
    """The smallest list with a column of each kind."""

    caption = "Names"
    row_head = "name"
    searched = ("name",)
    rows_a_page = 2

    name = WordColumn()
    minor = KronorColumn(verbose_name="Kronor")
    on = DayColumn()
    number = NumberColumn()


ROWS = [
    Row("Östen", 125_050, date(2026, 2, 1), 10),
    Row("Ärla", -100, date(2026, 1, 1), 2),
    Row("Åsa", None, None, 3),
    Row("Zorn; & son", 0, date(2026, 3, 1), 4),
    Row("anna", 100_000_000, date(2025, 12, 31), 5),
]


def asked(rows=ROWS, **get: str) -> Names:
    request = RequestFactory().get("/", get)
    request.user = AnonymousUser()
    return Names(rows).asked(request, "names")


def names(table: DeskTable) -> list[str]:
    return [row.name for row in table.data]


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        ("name", "anna", "Östen"),
        ("-name", "Östen", "anna"),
        ("minor", "Ärla", "Åsa"),
        ("-minor", "anna", "Åsa"),
        ("on", "anna", "Åsa"),
        ("-on", "Zorn; & son", "Åsa"),
        ("-number", "Östen", "Ärla"),
    ],
)
def test_it_is_sorted_both_ways_with_what_is_empty_last(sort, first, last):
    told = names(asked(sort=sort))

    assert (told[0], told[-1], len(told)) == (first, last, 5)


def test_names_stand_in_swedish_order():
    assert names(asked(sort="name")) == ["anna", "Zorn; & son", "Åsa", "Ärla", "Östen"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ÅSA", ["Åsa"]),
        ("ärl", ["Ärla"]),
        ("  SON   zorn ", ["Zorn; & son"]),
        ("o\u0308sten", ["Östen"]),
        ("nobody", []),
        ("\x00", [row.name for row in ROWS]),
    ],
)
def test_every_word_is_looked_for_in_any_case(words, found):
    assert names(asked(q=words)) == found


@pytest.mark.parametrize(
    ("page", "shown"), [("2", 2), ("99", 3), ("0", 3), ("-1", 3), ("first", 1), ("", 1)]
)
def test_a_page_that_is_not_there_is_the_nearest(page, shown):
    assert asked(page=page).page.number == shown


@pytest.mark.parametrize("get", [{"sort": "no"}, {"sort": "--name"}, {"as": "exe"}, {"as": ""}])
def test_what_is_asked_wrongly_is_passed_over(get):
    table = asked(**get)

    assert (names(table), table.file()) == ([row.name for row in ROWS], None)


def test_pages_between_are_left_out():
    table = asked([Row(str(n)) for n in range(60)], page="15", q="", sort="number")

    html = html_of(table)

    numbers = [str(n) for n in (1, 13, 14, 15, 16, 17, 30)]
    assert [n for n in numbers if f"page={n}#list" in html] == numbers
    assert "page=12#list" not in html
    assert html.count("…") == 2
    assert 'href="?sort=number&amp;page=1#list"' in html


def html_of(table: DeskTable) -> str:
    return render_to_string("invest/web/_list.html", {"table": table}, table.request)


def test_it_is_a_table_that_says_what_it_is():
    html = html_of(asked(sort="-minor"))

    assert '<caption class="visually-hidden">Names</caption>' in html
    assert html.count('scope="col"') == 4
    assert html.count('scope="row"') == 2
    assert html.count('aria-sort="descending"') == 1
    assert '<td class="number">1\u00a0000\u00a0000\u00a0kr</td>' in html


def test_a_search_keeps_the_order_and_a_sort_keeps_the_words():
    html = html_of(asked(q="a", sort="-name", page="2", state="open"))

    assert '<input type="hidden" name="sort" value="-name">' in html
    assert '<input type="hidden" name="state" value="open">' in html
    assert 'name="page"' not in html
    assert 'href="?q=a&amp;state=open&amp;sort=name#list"' in html


def test_two_lists_on_a_page_are_asked_apart():
    request = RequestFactory().get("/", {"b-sort": "-name", "b-q": "å", "b-as": "csv", "q": "no"})
    request.user = AnonymousUser()
    first = Names(ROWS).asked(request, "a")
    second = Names(ROWS, prefix="b-").asked(request, "b")

    assert (names(first), first.file()) == ([], None)
    assert names(second) == ["Åsa"]
    assert second.file()["Content-Disposition"] == 'attachment; filename="b.csv"'


HEAD = "Name,Kronor,On,Number"
PLAIN = (
    f"\ufeff{HEAD}\r\n"
    "Östen,1250.50,2026-02-01,10\r\n"
    "Ärla,-1.00,2026-01-01,2\r\n"
    "Åsa,,,3\r\n"
    "Zorn; & son,0.00,2026-03-01,4\r\n"
    "anna,1000000.00,2025-12-31,5\r\n"
)
SWEDISH = (
    f"\ufeff{HEAD.replace(',', ';')}\r\n"
    "Östen;1250,50;2026-02-01;10\r\n"
    "Ärla;-1,00;2026-01-01;2\r\n"
    "Åsa;;;3\r\n"
    '"Zorn; & son";0,00;2026-03-01;4\r\n'
    "anna;1000000,00;2025-12-31;5\r\n"
)


@pytest.mark.parametrize(("form", "told"), [("csv", PLAIN), ("csv-sv", SWEDISH)])
def test_a_file_has_every_row_to_the_byte(form, told):
    answer = asked(**{"as": form}).file()

    assert answer.content == told.encode()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_a_file_has_what_was_found_in_the_order_shown():
    answer = asked(**{"as": "csv", "q": "a", "sort": "name", "page": "2"}).file()

    assert [line.split(",")[0] for line in answer.content.decode().split("\r\n")[1:-1]] == [
        "anna",
        "Åsa",
        "Ärla",
    ]


def sheet_of(answer) -> list[tuple]:
    assert answer["Content-Disposition"].endswith('.xlsx"')
    return list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))


def test_a_workbook_has_numbers_as_numbers_and_days_as_days():
    rows = sheet_of(asked(**{"as": "xlsx"}).file())

    assert rows[0] == ("Name", "Kronor", "On", "Number")
    assert rows[1] == ("Östen", 1250.5, datetime(2026, 2, 1), 10)  # noqa: DTZ001 -- as a sheet has it
    assert rows[2][1] == -1
    assert rows[3] == ("Åsa", None, None, 3)


@pytest.mark.fault("F56")
@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("name", ["=HYPERLINK(A1)", "+46", "@SUM(A1)", " =1+1", "＝1", "-1"])
def test_nobodys_name_runs_in_a_spreadsheet(form, name):
    answer = asked([Row(name, -100)], **{"as": form}).file()

    if form == "xlsx":
        book = load_workbook(io.BytesIO(answer.content)).active
        assert (book["A2"].value, book["A2"].data_type) == (f"'{name}", "s")
        assert (book["B2"].value, book["B2"].data_type) == (-1, "n")
    else:
        assert f"\r\n'{name}{',;'[form == 'csv-sv']}-1" in answer.content.decode()


def test_a_moment_is_told_as_the_clock_on_the_wall_shows_it():
    at = datetime.fromisoformat("2026-07-01T22:30:59+00:00")

    row = asked([Row("Åsa", 0, at)]).rows[0]

    assert row.get_cell("on") == "2 juli 2026 00:30"
    assert row.get_cell_value("on").isoformat() == "2026-07-02T00:30:00"


# --- On the promises' desk ------------------------------------------------------------------------


@pytest.fixture
def desk(client, db):
    """Dee keeps the books of an energy company with three promises."""
    offering = make.share_offering()
    energi = offering.vehicle.organisation
    client.force_login(make.user("dee", ("treasurer", energi)))
    for amount, name in ((1500, "Östen"), (500, "Åsa"), (1000, "Zorn")):
        make.pledge(offering, amount, name)

    def get(**asked: str):
        return client.get(reverse("pledges_desk", args=[energi.slug]), asked, headers=ENGLISH)

    get.offering = offering
    return get


def savers(answer) -> list[str]:
    return [row.pledge.person.name for row in answer.context["table"].records]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"sort": "saver"}, ["Zorn", "Åsa", "Östen"]),
        ({"sort": "-saver"}, ["Östen", "Åsa", "Zorn"]),
        ({"sort": "amount"}, ["Åsa", "Zorn", "Östen"]),
        ({"q": "ÖSTEN"}, ["Östen"]),
        ({"q": "soltaket å"}, ["Åsa"]),
        ({"q": "' OR 1=1 --"}, []),
        ({"sort": "nothing", "page": "x", "as": "y"}, ["Zorn", "Åsa", "Östen"]),
    ],
)
def test_the_database_sorts_and_is_searched_alike(desk, asked, told):
    answer = desk(**asked)

    assert (answer.status_code, savers(answer)) == (200, told)


def test_nothing_found_says_so_and_leads_back(desk):
    html = desk(q="nobody", state="submitted").content.decode()

    assert "Nothing in the list holds these words." in html
    assert 'href="/organisations/energi/pledges/?state=submitted#list"' in html


def test_a_workbook_of_the_desk_is_read_back(desk):
    head, first, *_rest = sheet_of(desk(**{"as": "xlsx", "sort": "-amount"}))

    assert head == ("Saver", "E-mail", "Phone", "Project", "State", "Since", "Amount")
    assert first[0] == "Östen"
    assert first[5:] == (datetime(2026, 11, 23), 1500)  # noqa: DTZ001


def test_a_forgotten_person_is_in_no_file_and_is_not_found(desk):
    Person.objects.filter(name="Åsa").get().pledges.update(person=None)

    assert savers_of(desk(**{"as": "csv"})) == {"Östen", "Zorn", ""}
    assert savers(desk(q="åsa")) == []


def savers_of(answer) -> set[str]:
    lines = answer.content.decode("utf-8-sig").split("\r\n")[1:-1]
    return {line.split(",")[0] for line in lines}


@pytest.mark.parametrize("asked", [{}, {"q": "s"}, {"as": "xlsx"}])
def test_more_rows_take_no_more_queries(desk, asked):
    with CaptureQueriesContext(connection) as few:
        desk(**asked)
    for number in range(12):
        make.pledge(desk.offering, 500, f"Ses {number}")
    with CaptureQueriesContext(connection) as many:
        desk(**asked)

    assert len(many) == len(few)
