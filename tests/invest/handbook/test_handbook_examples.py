"""The figures of the handbook: sums add up, and worked examples are what the program computes."""

import re
import tomllib
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings

from invest.handbook import chapters, queries
from invest.kinds.company_shares.dividends import SvbYear, svb_room_minor
from invest.kinds.microfund.capacity import Exposure, FundState
from invest.kinds.schedules import Loan, plan
from invest.kinds.simple_partnership.settlement import settle
from invest.kinds.support_saving.points import CarriedLoan
from invest.scenario import STORY

LANGUAGES = [code for code, _name in settings.LANGUAGES]
BOOK = [chapter for language in LANGUAGES for chapter in chapters.chapters(language)]
NUMBER = re.compile(r"-?\d[\d\u00a0 ]*(?:[.,]\d+)?")


def chapter(slug: str, language: str = "sv") -> chapters.Chapter:
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
        if last[0] not in chapters.SUM_WORDS:
            continue
        for place, cell in enumerate(last[1:], start=1):
            parts = [amount(row[place]) for row in above]
            if cell and (None in parts or sum(parts) != amount(cell)):
                wrong.append(f"{rows[0][0]}: {cell}")
    return wrong


def test_both_languages_tell_the_same_figures():
    def figures(chapter: chapters.Chapter) -> list[Counter]:
        told = [
            Counter(cell for row in rows for cell in row[1:]) for rows in tables(chapter.source)
        ]
        return [
            Counter({amount(cell): n for cell, n in cells.items() if amount(cell) is not None})
            for cells in told
        ]

    for swedish, english in zip(chapters.chapters("sv"), chapters.chapters("en"), strict=True):
        assert figures(swedish) == figures(english), swedish.slug


@pytest.mark.parametrize("chapter", BOOK, ids=lambda chapter: chapter.file_name)
def test_every_sum_is_the_sum_of_its_rows(chapter):
    assert wrong_sums(chapter.source) == []


def test_a_wrong_sum_is_found():
    assert (
        wrong_sums("| a | b |\n|---|---:|\n| x | 1 000 |\n| y | 2,50 |\n| Summa | 1 002,50 |") == []
    )
    assert wrong_sums("| a | b |\n|---|---:|\n| x | 1 000 |\n| y | 2,50 |\n| Summa | 1 003 |") == [
        "x: 1 003"
    ]


def test_there_are_sums_to_check():
    sums = [
        rows for c in chapters.chapters("sv") for rows in tables(c.source) if rows[-1][0] == "Summa"
    ]

    assert len(sums) >= 20


def test_the_loan_of_the_direct_loan_chapter_is_what_the_calculator_says():
    straight = plan("straight", Loan(300_000, Decimal(1), 6, date(2025, 2, 1), months_per_period=3))
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

    assert state.guarantees[0].amount_minor == guaranteed
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
    of_fund = projects["mikrofonden"]["actions"]
    lost = next(d["facts"]["amount"] for d in of_fund if d["act"] == "write-off")
    recovered = next(d["facts"]["amount"] for d in of_fund if d["act"] == "recover")
    last_fair = story["fair"][-1]

    def kr(slug: str, term: str) -> Decimal:
        return Decimal(terms[slug][term]) / 100

    loan = next(d for d in projects["bygdegardens-varme"]["actions"] if d["act"] == "loan")["facts"]
    assert_told("support-savings", [Decimal(loan["principal"]), Decimal(loan["months"])])
    shares = kr("lanthandelns-agare", "price_minor"), kr("lanthandelns-agare", "quota_minor")
    assert_told("local-company", shares)
    assert terms["lanthandelns-agare"]["hembud_days"] == 60
    assert_told(
        "cooperative", [kr("vaxthuset", "price_minor"), kr("mejeriets-kapital", "price_minor")]
    )
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
