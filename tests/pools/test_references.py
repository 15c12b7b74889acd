"""OCR, bankgiro, plusgiro and Swish as the banks use them."""

import shutil
import subprocess

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from pools.bank.references import (
    find_ocrs,
    format_bankgiro,
    format_plusgiro,
    is_bankgiro,
    is_ocr,
    is_plusgiro,
    make_ocr,
    qr_svg,
    resembling,
    swish_payload,
)

bases = st.from_regex(r"[0-9]{1,23}", fullmatch=True)


@pytest.mark.parametrize(
    ("base", "ocr"),
    [
        ("12345", "1234574"),
        ("1230001", "123000192"),
        ("20260042", "2026004206"),
        ("1234567890", "123456789023"),
    ],
)
def test_published_references(base, ocr):
    assert make_ocr(base) == ocr


@given(bases)
def test_a_made_reference_holds(base):
    assert is_ocr(make_ocr(base))


@pytest.mark.fault("F50")
@given(base=bases, place=st.integers(0, 24), digit=st.integers(1, 9))
def test_one_wrong_digit_is_found(base, place, digit):
    ocr = make_ocr(base)
    place %= len(ocr)
    wrong = ocr[:place] + str((int(ocr[place]) + digit) % 10) + ocr[place + 1 :]

    assert not is_ocr(wrong)


@pytest.mark.fault("F50")
@pytest.mark.parametrize(
    "text", ["", "1", "12345", "1234575", "12345740", "１２３４５７４", "1234574" * 4]
)
def test_what_is_no_reference(text):
    assert not is_ocr(text)


@pytest.mark.parametrize("base", ["", "x", "1" * 24])
def test_a_base_is_digits_that_leave_room(base):
    with pytest.raises(ValueError, match="base"):
        make_ocr(base)


def test_references_are_found_in_what_people_write():
    assert find_ocrs("Hej! Ref 1234 574, tack. Tel 070-123 45 67") == ["1234574"]
    assert find_ocrs("inget") == []


@pytest.mark.parametrize(
    "text",
    [
        "faktura 2026 1234574 tack",
        "1234574 2026-11-23",
        "2026-11-23 1234574",
        "faktura 2026 1234 574 tack",
        "17-1234574",
        "1234574-17",
        "ref:1234574,2026",
        "1234574\u00a02026",
        "0701234567 1234574 0701234567 0701234567",
    ],
)
def test_a_reference_beside_another_number_is_found(text):
    assert "1234574" in find_ocrs(text)


@given(ocr=bases.map(make_ocr), before=st.text("0123456789 -", max_size=30))
def test_a_reference_is_found_after_any_numbers(ocr, before):
    assert ocr in find_ocrs(f"{before} {ocr}")
    assert ocr in find_ocrs(f"{ocr} {before}")
    assert all(is_ocr(found) for found in find_ocrs(f"{before}{ocr}"))


@pytest.mark.fault("F50")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("insats 123457 tack", ["1234574"]),
        ("insats 2026 123457 tack", ["1234574"]),
        ("40000240149", ["00040000240149"]),
        ("4000024014", ["00040000240149"]),
        ("0001234574", ["1234574"]),
        ("1234574", []),
        ("1234575", []),
        ("12345", []),
        ("", []),
        ("0 00 000", []),
    ],
)
def test_lost_zeros_or_a_missing_check_digit_are_only_resembled(text, expected):
    assert resembling(text, ["1234574", "00040000240149"]) == expected


@given(ocr=bases.map(make_ocr))
def test_a_reference_never_resembles_itself(ocr):
    assert resembling(ocr, [ocr]) == []


def test_giro_numbers():
    assert is_bankgiro("5050-6922")
    assert is_bankgiro("160-9908")
    assert not is_bankgiro("5050-6923")
    assert all(map(is_plusgiro, ["67 15 80-9", "406285-7", "954017-0"]))
    assert not is_plusgiro("954017-1")
    assert format_bankgiro("50506922") == "5050-6922"
    assert format_plusgiro("6715809") == "67 15 80-9"


def test_the_swish_code_of_the_specification():
    assert swish_payload(payee="1237856901", amount_minor=10_000, message="12229445") == (
        "C1237856901;100,00;12229445;0"
    )
    assert swish_payload(payee="1", amount_minor=5, message="å;b") == "C1;0,05;%C3%A5%3Bb;0"


def test_the_qr_has_no_style_for_the_policy_to_block():
    drawn = qr_svg("C1;1,00;x;0", title="Swish")

    assert drawn.startswith("<svg")
    assert "style=" not in drawn
    assert "<title>Swish</title>" in drawn


@pytest.mark.skipif(not shutil.which("zbarimg"), reason="zbarimg not found")
def test_the_qr_is_read_back_by_a_scanner(tmp_path):
    payload = swish_payload(payee="1235051001", amount_minor=250_000, message="0001000042011240")
    picture = tmp_path / "qr.png"
    segno.make(payload, error="q").save(picture, scale=6)

    read = subprocess.run(
        ["zbarimg", "--quiet", "--raw", picture], capture_output=True, text=True, check=True
    )

    assert read.stdout.strip() == payload
