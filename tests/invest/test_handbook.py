"""The handbook: both languages alike, no dead link, sums that add up, and a book to print."""

import os
import re
import tomllib
from collections import Counter
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.conf import settings
from django.template.defaultfilters import striptags
from django.urls import resolve, reverse
from django.utils import translation
from pypdf import PdfReader

from invest import handbook
from invest.queries import handbook as queries
from invest.scenario import STORY
from invest.schedules import Loan, plan
from invest.vehicles.company import SvbYear, svb_room_minor
from invest.vehicles.fund import Exposure, FundState
from invest.vehicles.partnership import settle
from invest.vehicles.support_saving import CarriedLoan
from tests.invest.test_papers import _has_pango
from tests.papers import pages
from tests.web.test_swedish import english_on

LANGUAGES = [code for code, _name in settings.LANGUAGES]
BOTH = [(chapter, language) for language in LANGUAGES for chapter in handbook.chapters(language)]
each = pytest.mark.parametrize(
    ("chapter", "language"), BOTH, ids=[chapter.file_name for chapter, _language in BOTH]
)
printed = pytest.mark.skipif(
    not _has_pango() and os.environ.get("CI") != "true",
    reason="LEFT OUT: Pango was not found, so no PDF can be set.",
)
LINK = re.compile(r"\]\(([^)]+)\)")
NUMBER = re.compile(r"-?\d[\d\u00a0 ]*(?:[.,]\d+)?")


def chapter(slug: str, language: str = "sv") -> handbook.Chapter:
    found = queries.chapter(language, slug)
    assert found is not None, slug
    return found


def tables(source: str) -> list[list[list[str]]]:
    """Every table of a text: its body's rows of cells, without bold."""
    found, rows = [], []
    for line in [*source.splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip().strip("*") for cell in line.strip("|").split("|")])
        elif rows:
            found.append(rows[2:])
            rows = []
    return found


def amount(cell: str) -> Decimal | None:
    """The number that is the whole cell, if it is one."""
    told = NUMBER.fullmatch(cell)
    return Decimal(re.sub(r"[\s\u00a0]", "", told[0]).replace(",", ".")) if told else None


def columns(slug: str, nth: int = 0, language: str = "sv") -> list[list[Decimal | None]]:
    """A table by column, numbers only, with its sum row last."""
    rows = tables(chapter(slug, language).source)[nth]
    return [[amount(cell) for cell in column] for column in zip(*rows, strict=True)]


def wrong_sums(source: str) -> list[str]:
    """Columns whose sum row is not the sum of the rows above it."""
    wrong = []
    for rows in tables(source):
        *above, last = rows
        if last[0] not in handbook.SUM_WORDS:
            continue
        for place, cell in enumerate(last[1:], start=1):
            parts = [amount(row[place]) for row in above]
            if cell and (None in parts or sum(parts) != amount(cell)):
                wrong.append(f"{rows[0][0]}: {cell}")
    return wrong


# --- Two languages, one book -----------------------------------------------------------------------


def test_every_file_is_a_chapter():
    files = {path.name for path in handbook.FOLDER.glob("*.md")}

    assert files == {chapter.file_name for chapter, _language in BOTH}
    assert 25 <= len(BOTH) / len(LANGUAGES) <= 40


def test_every_chapter_is_there_in_both_languages_with_the_same_headings():
    def shape(language: str) -> list[tuple]:
        return [
            (c.number, c.slug, [section.level for section in c.sections])
            for c in handbook.chapters(language)
        ]

    assert shape("sv") == shape("en")
    assert {c.part for c in handbook.chapters("sv")} == set(handbook.PARTS)
    assert len({c.slug for c in handbook.chapters("sv")}) == len(handbook.chapters("sv"))


def test_both_languages_tell_the_same_figures():
    def figures(chapter: handbook.Chapter) -> list[Counter]:
        told = [Counter(cell for row in rows for cell in row[1:]) for rows in tables(chapter.source)]
        return [
            Counter({amount(cell): n for cell, n in cells.items() if amount(cell) is not None})
            for cells in told
        ]

    for swedish, english in zip(handbook.chapters("sv"), handbook.chapters("en"), strict=True):
        assert figures(swedish) == figures(english), swedish.slug


@each
def test_a_chapter_opens_with_its_title_and_a_paragraph(chapter, language):
    assert chapter.source.startswith(f"# {chapter.title}\n\n")
    assert [section.level for section in chapter.sections].count(1) == 1
    assert 60 < len(chapter.lead) < 420
    assert 200 <= len(chapter.source.split()) <= 620


@pytest.mark.parametrize("chapter", handbook.chapters("sv"), ids=lambda chapter: chapter.slug)
def test_no_english_is_left_in_a_swedish_chapter(chapter):
    assert english_on(f"<h1>{chapter.title}</h1>{queries.page_html(chapter)}") == []


def test_it_says_once_that_it_is_no_legal_advice():
    words = {"sv": "juridisk rådgivning", "en": "legal advice"}

    for language, said in words.items():
        assert sum(c.source.count(said) for c in handbook.chapters(language)) == 1


# --- Links -----------------------------------------------------------------------------------------


@each
def test_links_lead_somewhere_in_the_same_language(chapter, language):
    by_file = {known.file_name: known for known in handbook.chapters(language)}

    for target in LINK.findall(chapter.source):
        file, _mark, anchor = target.partition("#")
        if file.startswith("/"):
            resolve(file.partition("?")[0])
        else:
            assert file in by_file, target
            assert anchor in {"", *(section.anchor for section in by_file[file].sections)}, target


def test_the_links_of_a_chapter_are_addresses_on_its_page_and_places_in_the_book():
    told = handbook.read(
        1, "a", "sv", "# A\n\n[b](27-direct-loan.sv.md#risk) [c](/projects/) [d](https://x.example)"
    )

    assert re.findall(r'href="([^"]+)"', queries.page_html(told)) == [
        reverse("handbook_chapter", args=["direct-loan"]) + "#risk",
        "/projects/",
        "https://x.example",
    ]
    assert re.findall(r'href="([^"]+)"', queries.paper_html(told)) == [
        "#direct-loan--risk",
        settings.PUBLIC_URL.rstrip("/") + "/projects/",
        "https://x.example",
    ]


# --- Markdown --------------------------------------------------------------------------------------


def test_html_in_markdown_is_shown_as_text_and_no_script_is_linked():
    evil = "# A <b>b</b>\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) <img src=x>\n"
    told = handbook.read(1, "a", "sv", evil)

    made = queries.page_html(told)

    assert re.findall(r"<\w+", made) == ["<p", "<p"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made
    assert "href" not in made
    assert told.title == "A <b>b</b>"  # The template escapes it.


@each
def test_a_chapter_carries_no_inline_style_and_heads_its_rows(chapter, language):
    made = queries.page_html(chapter)

    assert "style=" not in made
    anchors = re.findall(r' id="([^"]*)"', made)
    assert anchors == [section.anchor for section in chapter.sections[1:]]
    assert len(set(anchors)) == len(anchors)
    assert set(re.findall(r'aria-labelledby="([^"]*)"', made)) <= {*anchors, "title"}
    rows = made.count("<tr")
    assert made.count('scope="row"') == rows - made.count("<thead>")


def test_headings_that_are_alike_get_anchors_of_their_own():
    told = handbook.read(1, "a", "sv", "# A\n\nb\n\n## Gör så här\n\nc\n\n## Gör så här\n\nd\n")

    assert [(s.anchor, s.text) for s in told.sections] == [
        ("", "b"),
        ("gor-sa-har", "c"),
        ("gor-sa-har-2", "d"),
    ]


# --- Figures ---------------------------------------------------------------------------------------


@each
def test_every_sum_is_the_sum_of_its_rows(chapter, language):
    assert wrong_sums(chapter.source) == []


def test_a_wrong_sum_is_found():
    assert wrong_sums("| a | b |\n|---|---:|\n| x | 1 000 |\n| y | 2,50 |\n| Summa | 1 002,50 |") == []
    assert wrong_sums("| a | b |\n|---|---:|\n| x | 1 000 |\n| y | 2,50 |\n| Summa | 1 003 |") == [
        "x: 1 003"
    ]


def test_there_are_sums_to_check():
    sums = [
        rows for c in handbook.chapters("sv") for rows in tables(c.source) if rows[-1][0] == "Summa"
    ]

    assert len(sums) >= 20


def test_the_loan_of_the_direct_loan_chapter_is_what_the_calculator_says():
    straight = plan(
        "straight", Loan(300_000, Decimal(1), 6, date(2025, 2, 1), months_per_period=3)
    )
    _quarter, principal, interest, payment = columns("direct-loan")

    assert principal[:-1] == [Decimal(row.principal_minor) / 100 for row in straight]
    assert interest[:-1] == [Decimal(row.interest_minor) / 100 for row in straight]
    assert payment[:-1] == [Decimal(row.payment_minor) / 100 for row in straight]
    annuity = plan("annuity", Loan(1_000_000, Decimal(3), 36, date(2024, 3, 1)))
    told = [annuity[0].payment_minor, annuity[-1].payment_minor]
    told.append(sum(row.interest_minor for row in annuity))
    assert_told("direct-loan", [Decimal(minor) / 100 for minor in told])


def test_the_points_of_the_support_saving_chapter_carry_what_they_say():
    loan = CarriedLoan(18_000_000, 96)
    points = loan.carried_by(8_000_000, 12)

    assert columns("support-savings")[1][-1] == points
    assert_told(
        "support-savings",
        [
            Decimal(loan.points_used),
            Decimal(loan.points_used - points),
            Decimal(loan.after_saving_minor(points)) / 100,
            Decimal(loan.after_saving_minor(0)) / 100,
            Decimal(loan.balance_to_carry_minor()) / 100,
        ],
    )


def test_the_ceiling_of_the_company_chapter_is_the_laws():
    _year, _rate, room = columns("local-company", 1)
    rates = [row[1].rstrip(" %").replace(",", ".") for row in tables_of("local-company", 1)[:-1]]
    years = {2020 + n: SvbYear(10_000_000, Decimal(rate)) for n, rate in enumerate(rates)}

    assert room[:-1] == [Decimal(year.own_limit_minor) / 100 for year in years.values()]
    assert room[-1] == Decimal(svb_room_minor(years, 2025)) / 100


def test_the_partners_of_the_simple_partnership_chapter_get_what_the_law_gives():
    _name, put_in, good, bad = columns("simple-partnership")

    for left in (good, bad):
        settled = settle(
            contributions_minor=[int(part) for part in put_in[:-1]],
            assets_minor=int(left[-1]),
            debts_minor=0,
        )
        assert list(settled.out_minor) == left[:-1]


def test_the_capital_of_the_microfund_chapter_is_tied_up_as_the_fund_counts():
    _what, (kept, lent, guaranteed, granted, free, capital) = columns("microfund")
    state = FundState(
        stakes_minor=int(capital),
        subordinated_minor=0,
        donations_minor=0,
        retained_minor=0,
        losses_minor=0,
        loans_minor=int(lent),
        guarantees=(Exposure(27_000, 80),),
        approved_minor=int(granted),
        buffer_minor=int(kept),
    )

    assert state.guarantees[0].minor == guaranteed
    assert state.free_minor == free


def test_the_energy_chapter_shares_the_production_by_shares():
    _owner, shares, kwh = columns("energy-company")

    assert [kwh[-1] * part / shares[-1] for part in shares] == kwh
    own, market = kwh[0] * 30 / 100, kwh[0] * 61 / 100
    assert_told("energy-company", [own, market, market - own])
    assert 15 < 5000 / (market - own) < 16
    assert 47 < 5000 / (kwh[0] * 40 / 100 - own) < 48


def test_the_joint_purchase_gives_back_what_was_paid_too_much():
    _what, (_pallets, _freight, cost) = columns("joint-purchase", 0)
    _household, number, paid, back = columns("joint-purchase", 1)

    assert paid[-1] - cost == back[-1]
    assert [part * back[-1] / number[-1] for part in number] == back
    assert [part * 3500 for part in number] == paid


def test_the_examples_agree_with_the_story_of_the_valley():
    story = tomllib.loads(STORY.read_text("utf-8"))
    projects = {told["slug"]: told for told in story["project"]}
    terms = {slug: told["offer"]["terms"] for slug, told in projects.items()}
    of_fund = projects["mikrofonden"]["deeds"]
    lost = next(d["facts"]["amount"] for d in of_fund if d["act"] == "write-off")
    recovered = next(d["facts"]["amount"] for d in of_fund if d["act"] == "recover")
    last_fair = story["fair"][-1]

    def kr(slug: str, term: str) -> Decimal:
        return Decimal(terms[slug][term]) / 100

    loan = next(d for d in projects["bygdegardens-varme"]["deeds"] if d["act"] == "loan")["facts"]
    assert_told("support-savings", [Decimal(loan["principal"]), Decimal(loan["months"])])
    shares = kr("lanthandelns-agare", "price_minor"), kr("lanthandelns-agare", "quota_minor")
    assert_told("local-company", shares)
    assert terms["lanthandelns-agare"]["hembud_days"] == 60
    assert_told("cooperative", [kr("vaxthuset", "price_minor"), kr("mejeriets-kapital", "price_minor")])
    assert_told("energy-company", [Decimal(terms["soltaket"]["kwh_per_unit"])])
    assert_told("microfund", [kr("mikrofonden", "most_per_borrower_minor")])
    assert terms["mikrofonden"] | {"buffer_pct": 10, "most_cover_pct": 80} == terms["mikrofonden"]
    _what, (got, gone, whole) = columns("when-it-goes-wrong")
    assert (got, gone, whole) == (recovered, lost - recovered, lost)
    assert (last_fair["starts"].hour, last_fair["ends"].hour) == (18, 21)
    assert len(last_fair["pitches"]) == 4
    oven = terms["ugnen"]
    assert (oven["schedule_type"], oven["rate_pct"], oven["periods"]) == ("annuity", "3", 36)
    honey = terms["honungen"]
    assert (honey["schedule_type"], honey["rate_pct"], honey["periods"]) == ("straight", "1", 6)


def tables_of(slug: str, nth: int) -> list[list[str]]:
    return tables(chapter(slug).source)[nth]


def assert_told(slug: str, wanted) -> None:
    """Each amount stands in the chapter, in both languages."""
    for language in LANGUAGES:
        told = {amount(found.strip()) for found in NUMBER.findall(chapter(slug, language).source)}
        assert set(wanted) - told == set(), (slug, language)


# --- Pages -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_contents_tell_every_chapter_of_the_readers_language(client):
    for language in LANGUAGES:
        page = client.get(reverse("handbook"), headers={"accept-language": language})
        titles = re.findall(r"<h3><a href=\"[^\"]+\">(.*?)</a>", page.content.decode())

        assert titles == [escaped(c.title) for c in handbook.chapters(language)]


@pytest.mark.django_db
def test_a_chapter_leads_to_its_neighbours_and_to_its_own_headings(client):
    before, here, after = handbook.chapters("sv")[:3]

    page = client.get(
        reverse("handbook_chapter", args=[here.slug]), headers={"accept-language": "sv"}
    ).content.decode()

    turns = re.findall(r'<a href="([^"]+)" rel="(prev|next)"', page)
    assert turns == [
        (reverse("handbook_chapter", args=[before.slug]), "prev"),
        (reverse("handbook_chapter", args=[after.slug]), "next"),
    ]
    for section in here.sections[1:]:
        assert f'href="#{section.anchor}"' in page
        assert f'id="{section.anchor}"' in page


@pytest.mark.django_db
def test_no_chapter_by_that_name_is_not_found(client):
    assert client.get("/handbook/nothing/").status_code == 404


@pytest.mark.django_db
def test_a_search_lists_the_headings_with_what_was_found_marked(client):
    page = client.get(
        reverse("handbook"), {"q": "  HEMBUD  "}, headers={"accept-language": "sv"}
    ).content.decode()

    found = re.search(r'aria-labelledby="found">(.*?)</section>', page, re.DOTALL)[1]
    marked = re.findall(r"<mark>(.*?)</mark>", found)
    assert marked
    assert {word.lower() for word in marked} == {"hembud"}
    assert reverse("handbook_chapter", args=["local-company"]) in found
    assert reverse("handbook_chapter", args=["glossary"]) in found
    assert reverse("handbook_chapter", args=["festival"]) not in found


def test_a_search_wants_all_its_words_in_one_section():
    found = queries.searched("sv", ["soltaket", "bastun"])

    assert found
    for one in found:
        for hit in one.hits:
            told = f"{hit.section.heading} {hit.section.text}".lower()
            assert "soltaket" in told
            assert "bastun" in told
    assert queries.searched("sv", []) == []
    assert queries.searched("sv", ["xyzzy"]) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", "a" * 5000, "\x00", "(", ".*", "ß", "  "]
)
def test_a_search_takes_whatever_is_typed(client, typed):
    page = client.get(reverse("handbook"), {"q": typed})

    assert page.status_code == 200
    assert b"<script>alert" not in page.content
    assert len(page.content) < 200_000


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("'", "&#x27;")


# --- On paper --------------------------------------------------------------------------------------


@printed
@pytest.mark.django_db
def test_the_book_is_tagged_and_its_contents_name_the_right_pages(client):
    answer = client.get(reverse("handbook_pdf"), headers={"accept-language": "sv"})

    assert answer["Content-Type"] == "application/pdf"
    assert "attachment" in answer["Content-Disposition"]
    told = pages(answer.content)
    read = PdfReader(BytesIO(answer.content))
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert read.trailer["/Root"]["/Lang"] == "sv"
    assert len(read.pages) == len(told) > 50
    contents = " ".join(told[1:4])
    for known in handbook.chapters("sv"):
        place = re.search(re.escape(known.title) + r"[ .]+(\d+)", contents)
        assert place, known.title
        assert known.title in told[int(place[1]) - 1], known.title
    marks = flat(read.outline)
    assert {c.title for c in handbook.chapters("sv")} <= set(marks)
    with translation.override("sv"):
        assert {str(part) for part in handbook.PARTS.values()} <= set(marks)


@printed
@pytest.mark.django_db
def test_each_language_has_a_book_and_it_is_made_once(client):
    from invest.views import handbook as views

    views._book.cache_clear()
    books = [
        client.get(reverse("handbook_pdf"), headers={"accept-language": code}).content
        for code in (*LANGUAGES, *LANGUAGES)
    ]

    assert books[0] == books[2] != books[1] == books[3]
    assert views._book.cache_info().misses == len(LANGUAGES)
    assert "Choose a form" in " ".join(pages(books[LANGUAGES.index("en")]))


@pytest.mark.django_db
def test_without_a_setter_of_pdfs_the_way_leads_back_to_the_pages(client, monkeypatch):
    import sys

    from invest.views import handbook as views

    views._book.cache_clear()
    monkeypatch.setitem(sys.modules, "weasyprint", None)

    answer = client.get(reverse("handbook_pdf"))

    assert answer.status_code == 503
    assert f'href="{reverse("handbook")}"' in answer.content.decode()
    assert striptags(answer.content.decode()).strip()


def flat(outline) -> list[str]:
    return [
        title
        for mark in outline
        for title in (flat(mark) if isinstance(mark, list) else [mark.title])
    ]
