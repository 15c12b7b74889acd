"""Payment references and addresses as Swedish banks use them: OCR, bankgiro, plusgiro, Swish QR.

Sources: Bankgirot's OCR reference control (length digit and Luhn digit), Swish's QR encoding
specification. Pure functions.
"""

import io
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from urllib.parse import quote

import segno
from stdnum import luhn

from pools.money import format_minor

MOST_OCR_DIGITS = 25
LEAST_DIGITS = 3  # A shorter number resembles too much.


def make_ocr(base: str) -> str:
    """A reference: the base digits, a length digit (whole length mod 10) and a Luhn digit.

    >>> make_ocr("12345")
    '1234574'
    """
    if not re.fullmatch(r"[0-9]{1,23}", base):
        raise ValueError("an OCR base is 1 to 23 digits")
    body = f"{base}{(len(base) + 2) % 10}"
    return body + str(luhn.calc_check_digit(body))


def is_ocr(text: str) -> bool:
    """Whether length digit and check digit both hold."""
    return (
        re.fullmatch(rf"[0-9]{{3,{MOST_OCR_DIGITS}}}", text) is not None
        and int(text[-2]) == len(text) % 10
        and luhn.is_valid(text)
    )


def find_ocrs(text: str) -> list[str]:
    """References inside free text, in order, each once.

    Digits may be parted by single spaces or dashes, and another number may stand beside them, so
    that every row of neighbouring groups is tried: `2026 1234 574` holds 1234574.
    """
    return list(dict.fromkeys(digits for digits in _numbers(text) if is_ocr(digits)))


def resembling(text: str, ocrs: Collection[str]) -> list[str]:
    """Those of `ocrs` that a number in the text would be but for its zeros or its last digit.

    Leading zeros lost or added, or the check digit missing. Only ever for suggestions: nothing
    may be paired by it. A number that is one of them is no resemblance.
    """
    zeros: dict[str, list[str]] = defaultdict(list)
    for ocr in ocrs:
        for told in {ocr.lstrip("0"), ocr[:-1].lstrip("0")}:
            zeros[told].append(ocr)
    found = [
        ocr
        for digits in _numbers(text)
        if len(digits.lstrip("0")) >= LEAST_DIGITS
        for ocr in zeros.get(digits.lstrip("0"), [])
        if ocr != digits
    ]
    return list(dict.fromkeys(found))


def _numbers(text: str) -> Iterator[str]:
    """Every number that neighbouring groups of digits can mean; the longer before the shorter."""
    for run in re.findall(r"[0-9]+(?:[ \u00a0-][0-9]+)*", text):
        groups = re.findall(r"[0-9]+", run)
        for start in range(len(groups)):
            rows, digits = [], ""
            for group in groups[start:]:
                digits += group
                if len(digits) > MOST_OCR_DIGITS:
                    break
                rows.append(digits)
            yield from reversed(rows)


def is_bankgiro(text: str) -> bool:
    """7 or 8 digits with a Luhn digit, dash or not."""
    digits = text.replace("-", "")
    return re.fullmatch(r"[0-9]{7,8}", digits) is not None and luhn.is_valid(digits)


def is_plusgiro(text: str) -> bool:
    """2 to 8 digits with a Luhn digit, spaces and dash or not."""
    digits = re.sub(r"[ -]", "", text)
    return re.fullmatch(r"[0-9]{2,8}", digits) is not None and luhn.is_valid(digits)


def format_bankgiro(digits: str) -> str:
    """As printed: NNN-NNNN or NNNN-NNNN."""
    digits = digits.replace("-", "")
    return f"{digits[:-4]}-{digits[-4:]}"


def format_plusgiro(digits: str) -> str:
    """As printed: pairs from the right before the dash, such as 67 15 80-9."""
    digits = re.sub(r"[ -]", "", digits)
    pairs = re.sub(r"(?<=\d)(?=(?:\d\d)+$)", " ", digits[:-1])
    return f"{pairs}-{digits[-1]}"


def swish_payload(*, payee: str, amount_minor: int, message: str) -> str:
    """What a Swish QR says: payee, amount with decimal comma, message; all locked."""
    amount = format_minor(amount_minor, scale=2).replace(".", ",")
    return f"C{payee};{amount};{quote(message, safe='')};0"


def qr_svg(payload: str, *, title: str) -> str:
    """The payload as an inline SVG (error level Q), with no style attribute for the strict CSP."""
    drawn = io.BytesIO()
    segno.make(payload, error="q").save(
        drawn,
        kind="svg",
        xmldecl=False,
        svgclass="qr",
        lineclass="qr-line",
        omitsize=True,
        title=title,
        border=4,
        light="#fff",
    )
    return drawn.getvalue().decode()
