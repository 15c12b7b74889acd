"""Who told what within an entry: parts and charges that always sum to it, and all texts kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pools.bank import camt
from pools.errors import PartsUneven
from tests.pools.camt_elements import IBAN, amount_details, charge, detail, details, entry, file

INCLUDED = "<ChrgInclInd>true</ChrgInclInd>"


def read(amount: str, *parts: str, sign: str = "CRDT", inside: str = "") -> camt.Line:
    found = camt.read(file(entry(amount, sign, inside=details(*parts) + inside))).statements[0]
    (line,) = found.lines
    assert sum(part.amount_minor for part in line.parts) == line.amount_minor
    return line


def split(*told: str, **about: str) -> list[tuple[int, bool]]:
    return [(part.amount_minor, part.is_charge) for part in read(*told, **about).parts]


def notes(*inside: str) -> list[tuple[int, type, bool]]:
    found = camt.read(file(*inside)).statements[0].notes
    return [(note.position, type(note.reason), note.is_taken) for note in found]


@pytest.mark.parametrize(
    "parts",
    [
        (detail("70.00"), detail("30.00")),
        tuple(detail(inside=amount_details("TxAmt", n)) for n in ("70", "30")),
        tuple(detail(inside=amount_details("InstdAmt", n)) for n in ("70", "30")),
        (detail("70.00"), detail(inside=amount_details("TxAmt", "30"))),
        tuple(
            detail("9.00", currency="EUR", inside=amount_details("TxAmt", n)) for n in ("70", "30")
        ),
        tuple(detail("1.00", inside=amount_details("TxAmt", n)) for n in ("70", "30")),
    ],
)
def test_a_batch_is_split_by_whichever_amounts_sum_to_it(parts):
    assert split("100.00", *parts) == [(7_000, False), (3_000, False)]
    assert split("100.00", *parts, sign="DBIT") == [(-7_000, False), (-3_000, False)]


def test_a_netted_batch_has_parts_with_their_own_signs():
    parts = detail("130.00", sign="CRDT"), detail("30.00", sign="DBIT")

    assert split("100.00", *parts) == [(13_000, False), (-3_000, False)]


def test_a_batch_told_only_by_its_number_is_one_part():
    batch = "<NtryDtls><Btch><NbOfTxs>7</NbOfTxs></Btch></NtryDtls>"
    told = entry(inside=batch)

    (line,) = camt.read(file(told)).statements[0].lines

    assert line.parts == (camt.Part(amount_minor=10_000),)
    assert notes(told) == []


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (("98.00", detail("100.00", inside=charge("2.00"))), [10_000, -200]),
        (("98.00", detail(inside=amount_details("InstdAmt", "100") + charge("2"))), [10_000, -200]),
        (
            ("98.00", detail("98.00", inside=amount_details("InstdAmt", "100") + charge("2"))),
            [10_000, -200],
        ),
        (("98.00", detail("98.00", inside=charge("2.00", INCLUDED))), [10_000, -200]),
        (("98.00", detail("98.00", inside=charge("2.00"))), [9_800]),
        (
            (
                "98.00",
                detail("98.00", inside=amount_details("InstdAmt", "98") + charge("2", INCLUDED)),
            ),
            [9_800],
        ),
        (("98.00", detail(inside=charge("2.00"))), [9_800]),
        (("98.00", detail("98.00", inside=charge("0.00"))), [9_800]),
        (
            (
                "97.00",
                detail(
                    "100.00",
                    inside="<Chrgs><TtlChrgsAndTaxAmt Ccy='SEK'>3</TtlChrgsAndTaxAmt></Chrgs>",
                ),
            ),
            [10_000, -300],
        ),
        (
            (
                "97.00",
                detail(
                    "100.00",
                    inside="<Chrgs><Amt Ccy='SEK'>2</Amt></Chrgs>"
                    "<Chrgs><Amt Ccy='SEK'>1</Amt></Chrgs>",
                ),
            ),
            [10_000, -200, -100],
        ),
        (
            ("102.00", detail("100.00", inside=charge("2", "<CdtDbtInd>CRDT</CdtDbtInd>"))),
            [10_000, 200],
        ),
        (("98.00", detail("60.00"), detail("40.00", inside=charge("2.00"))), [6_000, 4_000, -200]),
    ],
)
def test_charges_inside_are_parts_where_they_make_the_sum(told, expected):
    payments = 2 if len(told) > 2 else 1

    assert split(*told) == [(minor, n >= payments) for n, minor in enumerate(expected)]


@pytest.mark.parametrize(
    "odd", [charge("2", "<CdtDbtInd>x</CdtDbtInd>"), charge("2").replace("SEK", "EUR"), charge("x")]
)
def test_a_charge_that_cannot_be_read_is_not_guessed(odd):
    assert split("98.00", detail("98.00", inside=odd)) == [(9_800, False)]
    assert notes(entry("98.00", inside=details(detail("100.00", inside=odd)))) == [
        (1, PartsUneven, True)
    ]


def test_a_charge_of_the_entry_is_a_part():
    parts = split("102.00", detail("60"), detail("40"), sign="DBIT", inside=charge("2.00"))
    alone = split("102.00", sign="DBIT", inside=amount_details("TxAmt", "100") + charge("2.00"))

    assert parts == [(-6_000, False), (-4_000, False), (-200, True)]
    assert alone == [(-10_000, False), (-200, True)]


def test_a_charge_that_is_given_back_comes_in():
    inside = "<RvslInd>1</RvslInd>"

    line = read("102.00", detail("100.00", inside=charge("2.00")), inside=inside)

    assert [part.amount_minor for part in line.parts] == [10_000, 200]
    assert line.is_reversal


@pytest.mark.parametrize(
    "odd",
    [
        detail("29.99"),
        detail(),
        detail("30.00", currency="EUR"),
        detail("30.00", sign="CREDIT"),
        detail("30.00", sign="DBIT"),
        detail("x"),
        detail("-30.00"),
    ],
)
def test_parts_that_cannot_sum_leave_the_line_whole_with_every_text(odd):
    text = "<RmtInf><Ustrd>{}</Ustrd><Strd><CdtrRefInf><Ref>{}</Ref></CdtrRefInf></Strd></RmtInf>"
    good = detail("70.00", inside=text.format("ett", "1234574"))
    bad = odd.replace("</TxDtls>", text.format("två", "1234566") + "</TxDtls>")
    told = entry("100.00", inside=details(good, bad))

    (line,) = camt.read(file(told)).statements[0].lines

    assert line.parts == (
        camt.Part(amount_minor=10_000, references=("1234574", "1234566"), message="ett två"),
    )
    assert notes(told) == [(1, PartsUneven, True)]


def test_one_payment_that_tells_another_amount_is_taken_whole_and_said():
    assert notes(entry(inside=details(detail("99.00")))) == [(1, PartsUneven, True)]
    assert notes(entry(inside=details(detail("9.00", currency="EUR")))) == []
    assert notes(entry(inside=details(detail()))) == []


def test_a_part_of_zero_leaves_its_text_on_the_line():
    text = "<AddtlTxInf>Avser november</AddtlTxInf>"

    line = read("100.00", detail("100.00"), detail("0.00", inside=text))

    assert [part.amount_minor for part in line.parts] == [10_000]
    assert line.message == "Avser november"


amounts = st.integers(-500, 500)


@given(
    st.lists(st.tuples(amounts, st.sampled_from(["", "CRDT", "DBIT"]), amounts), max_size=5),
    st.integers(1, 2_000),
    st.sampled_from(["CRDT", "DBIT"]),
)
def test_parts_always_sum_to_the_entry(told, total, sign):
    parts = [
        detail(
            f"{abs(n) / 100:.2f}", sign=own, inside=charge(f"{abs(c) / 100:.2f}") if c > 0 else ""
        )
        for n, own, c in told
    ]

    line = read(f"{total / 100:.2f}", *parts, sign=sign)

    assert line.amount_minor == (total if sign == "CRDT" else -total)
    assert all(part.amount_minor for part in line.parts)


# --- What a part tells --------------------------------------------------------------------------


def part(inside: str, *, sign: str = "CRDT", of_entry: str = "") -> camt.Part:
    return read("100.00", detail("100.00", inside=inside), sign=sign, inside=of_entry).parts[0]


def test_structured_references_are_kept_in_order_and_once():
    found = part(
        "<RmtInf><Strd><RfrdDocInf><Nb>F 17</Nb></RfrdDocInf>"
        "<CdtrRefInf><Ref>1234 574</Ref></CdtrRefInf></Strd>"
        "<Strd><CdtrRefInf><Ref>1234566</Ref></CdtrRefInf></Strd>"
        "<Strd><CdtrRefInf><Ref>1234574</Ref></CdtrRefInf></Strd></RmtInf>"
    )

    assert (found.ocr, found.references) == ("1234574", ("F17", "1234566"))


def test_texts_are_joined_each_once():
    found = part(
        "<RmtInf><Ustrd>tack</Ustrd><Ustrd> för \n taket </Ustrd><Ustrd>tack</Ustrd>"
        "<Strd><AddtlRmtInf>tre</AddtlRmtInf></Strd></RmtInf><AddtlTxInf>andelar</AddtlTxInf>"
    )

    assert found.message == "tack för taket tre andelar"


@pytest.mark.parametrize(
    "shape",
    [
        "<Nm>Åsa</Nm>",
        "<Pty><Nm>Åsa</Nm></Pty>",
        "<PstlAdr><AdrLine>Åsa</AdrLine><AdrLine>Bygatan 1</AdrLine></PstlAdr>",
    ],
)
def test_the_payer_is_known_in_all_versions(shape):
    both = (
        f"<RltdPties><Dbtr>{shape}</Dbtr><DbtrAcct><Id><IBAN>SE45 5000</IBAN></Id></DbtrAcct>"
        "<Cdtr><Nm>Bo</Nm></Cdtr><CdtrAcct><Id><Othr><Id>5050-6922</Id></Othr></Id></CdtrAcct>"
        "<UltmtDbtr><Nm>Dee</Nm></UltmtDbtr></RltdPties>"
    )

    found, out = part(both), part(both, sign="DBIT")

    assert (found.payer_name, found.payer_account, found.on_behalf_of) == ("Åsa", "SE455000", "Dee")
    assert (out.payer_name, out.payer_account, out.on_behalf_of) == ("Bo", "5050-6922", "")


def test_who_started_it_is_kept_where_no_other_is_named():
    started = "<RltdPties><InitgPty><Nm>Kassören</Nm></InitgPty>{}</RltdPties>"

    assert part(started.format("")).on_behalf_of == "Kassören"
    assert part(started.format("<UltmtDbtr><Nm>D</Nm></UltmtDbtr>")).on_behalf_of == "D"


def test_a_returned_payment_names_whom_it_had_gone_to():
    ours = f"<DbtrAcct><Id><IBAN>{IBAN}</IBAN></Id></DbtrAcct>"
    both = "<RltdPties><Dbtr><Nm>Vi</Nm></Dbtr>{}<Cdtr><Nm>Bo</Nm></Cdtr></RltdPties>"

    assert part(both.format(ours)).payer_name == "Bo"
    assert part(both.format("") + "<RtrInf/>").payer_name == "Bo"
    assert part(both.format(""), of_entry="<RvslInd>true</RvslInd>").payer_name == "Bo"
    assert part(both.format("")).payer_name == "Vi"


def test_our_own_name_is_never_the_other_end():
    ours = f"<DbtrAcct><Id><IBAN>{IBAN}</IBAN></Id></DbtrAcct>"

    found = part(f"<RltdPties><Dbtr><Nm>Vi</Nm></Dbtr>{ours}</RltdPties>")

    assert (found.payer_name, found.payer_account) == ("", "")


@pytest.mark.parametrize(
    "told", ["NONREF", "NOTPROVIDED", "notprovided", "-", "0", "000", "NON REF"]
)
def test_a_reference_that_says_there_is_none_is_none(told):
    refs = f"<Refs><AcctSvcrRef>{told}</AcctSvcrRef><EndToEndId>{told}</EndToEndId></Refs>"
    line = read("1.00", f"<TxDtls>{refs}</TxDtls>", inside=f"<NtryRef>{told}</NtryRef>")

    assert (line.parts[0].end_to_end, line.parts[0].reference, line.entry_reference) == ("",) * 3


def test_the_only_parts_reference_is_the_lines_where_the_entry_has_none():
    refs = "<TxDtls><Refs><AcctSvcrRef>T1</AcctSvcrRef><EndToEndId>E1</EndToEndId></Refs></TxDtls>"
    told = entry(inside=details(refs)).replace("<AcctSvcrRef>R<", "<AcctSvcrRef>NONREF<", 1)

    (line,) = camt.read(file(told)).statements[0].lines

    assert (line.reference, line.parts[0].reference, line.parts[0].end_to_end) == ("T1", "T1", "E1")
