"""An account is known by every form that banks write it in, and never taken for another."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pools.bank.accounts import bban, is_same, read_iban

OURS = "SE0550000000000058398251"
SEB = "SE4550000000058398257466"


def make_iban(digits: str) -> str:
    """The Swedish IBAN of twenty digits."""
    check = 98 - int(digits + "281400") % 97
    return f"SE{check:02d}{digits}"


numbers = st.integers(10_000, 10**15 - 1).map(lambda n: f"{n:017d}")
ibans = st.builds(
    lambda bank, number: make_iban(f"{bank}{number}"),
    st.sampled_from(["500", "600", "300", "800", "902", "970"]),
    numbers,
)


@pytest.mark.parametrize(
    "told",
    [
        OURS,
        "SE05 5000 0000 0000 5839 8251",
        "se05 5000 0000 0000 5839 8251",
        "50000000000058398251",
        "5000 0000 0000 5839 8251",
        "50000000058398251",
        "00000000058398251",
        "58398251",
        "5839-8251",
        "5839 82 51",
        "0058398251",
    ],
)
def test_swedish_forms_of_an_account_are_known(told):
    assert is_same(told, iban=OURS)


@pytest.mark.parametrize("told", ["6123-123 456 789", "6123 0 123456789", "123456789"])
def test_a_clearing_that_the_iban_leaves_out_is_known(told):
    assert is_same(told, iban=make_iban("600" + "123456789".zfill(17)))
    assert not is_same(told, iban=make_iban("600" + "123456780".zfill(17)))


@pytest.mark.parametrize("told", ["8103-4,974 424-3", "8103-4 0009744243", "81034 000 974 424-3"])
def test_a_clearing_of_five_digits_is_known(told):
    assert is_same(told, iban="SE3580000810340009744243")
    assert not is_same(told, iban=make_iban("800" + "810340009744244".zfill(17)))
    assert not is_same(told, iban=make_iban("500" + "810350009744243".zfill(17)))


@pytest.mark.parametrize(
    "told", ["5050-6922", "50506922", "5050 6922", "0050506922", "BG 5050-6922"]
)
def test_a_bankgiro_is_known_dashed_spaced_and_padded(told):
    assert is_same(told, iban=OURS, bankgiro="5050-6922")
    assert is_same(told, iban="", bankgiro="50506922")
    assert not is_same(told, iban=OURS, bankgiro="160-9908")
    assert not is_same(told, iban=OURS)


@pytest.mark.parametrize("told", ["67 15 80-9", "6715809", "0006715809", "PG 671580-9"])
def test_a_plusgiro_is_known(told):
    assert is_same(told, iban=OURS, plusgiro="67 15 80-9")
    assert not is_same(told, iban=OURS, plusgiro="406285-7")
    assert not is_same(told, iban=OURS)


@pytest.mark.parametrize(
    "told",
    [
        "",
        " ",
        "-",
        "0",
        "0000",
        "SE",
        "SE0550000000000058398252",
        "DE0550000000000058398251",
        "60000000000058398251",
        "60000000058398251",
        "58398250",
        "8251",
        "583982510",
        "158398251",
        "５８３９８２５１",
        "50058398251",
        "PG 58398251",
    ],
)
def test_another_account_is_not_ours(told):
    assert not is_same(told, iban=OURS)
    assert not is_same(told, iban="", bankgiro="", plusgiro="")


@given(own=ibans, other=ibans)
def test_an_account_is_known_in_every_form_and_no_other_is(own, other):
    assume(bban(own)[3:] != bban(other)[3:])
    number = bban(other)
    forms = [
        other,
        other.lower(),
        number,
        number[3:],
        number[3:].lstrip("0"),
        number[:3] + number[6:],
    ]

    assert all(is_same(form, iban=other) for form in forms[:5])
    assert not any(is_same(form, iban=own) for form in forms)


def test_a_number_too_short_to_tell_is_ours_only_in_full():
    own = make_iban("500" + "1234".zfill(17))

    assert is_same(own, iban=own)
    assert is_same(bban(own), iban=own)
    assert not is_same("1234", iban=own)


@given(own=ibans, other=ibans)
def test_a_whole_number_of_another_bank_is_never_ours(own, other):
    assume(own != other)

    assert not is_same(other, iban=own)
    assert not is_same(bban(other), iban=own)


@given(st.text(max_size=30), ibans)
def test_any_text_is_answered(told, own):
    assert is_same(told, iban=own) in {True, False}


def test_an_iban_is_checked():
    assert read_iban(OURS)
    assert read_iban("se45 5000 0000 0583 9825 7466")
    assert read_iban("DE89 3704 0044 0532 0130 00")
    assert not any(map(read_iban, ["", "SE", SEB[:-1], "SE4550000000058398257467", "58398251"]))


def test_a_bban_is_the_iban_without_country_and_check():
    assert bban("SE45 5000 0000 0583 9825 7466") == "50000000058398257466"
    assert bban("DE89370400440532013000") == bban("") == ""


@pytest.mark.parametrize(
    "told",
    [
        *("SE45 5000 0000 0583 9825 7466", "BE68 5390 0754 7034", "NO93 8601 1117 947"),
        *("FI21 1234 5600 0007 85", "DK50 0040 0440 1162 43", "GB29 NWBK 6016 1331 9268 19"),
        *("MT84 MALT 0110 0001 2345 MTLC AST0 01S", "LC55HEMM000100010012001200023015"),
        *("ES91 2100 0418 4502 0005 1332", "DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000"),
    ],
)
def test_an_iban_of_any_country_that_is_right_is_taken(told):
    kept = "".join(told.split())
    assert read_iban(told) == kept
    assert read_iban(told.lower()) == kept
    assert read_iban(kept[:-1] + ("1" if kept[-1] != "1" else "2")) == ""
    assert read_iban(kept[:-1]) == ""
