"""Whether an account told by a bank is ours: IBAN, BBAN, clearing and number, bankgiro, plusgiro.

A Swedish IBAN is the bank's three digits and the account filled up with zeros to seventeen; how a
bank writes the same account without IBAN differs, with and without its own digits and zeros. Pure
functions. Source: the Swedish entry of the IBAN registry; the banks' files.
"""

import re

from stdnum import iban as _iban
from stdnum.exceptions import ValidationError as _NotAnIban

_BANK_DIGITS = 3
_BBAN_DIGITS = 20
# Clearing (4 or 5) and number (at most 10): what is longer begins with the bank's own digits.
_MOST_CLEARING_AND_NUMBER = 15
_LEAST_NUMBER = 5
_NUMBER_DIGITS = 10
_FIVE_DIGIT_CLEARING = re.compile(
    r"(?P<clearing>8[0-9]{3})-(?P<check>[0-9])[ ,.-]+(?P<number>[0-9][0-9 .-]{4,18})"
)
# Banks whose IBAN leaves the clearing out: bank → (its clearings, digits of a number).
_WITHOUT_CLEARING = {"600": (r"6[0-9]{3}", 9), "300": (r"3300|3782", 10)}
_GIRO_WORDS = {
    "bankgiro": re.compile(r"(?:BANKGIRO|BGNR|BG)?([0-9]+)"),
    "plusgiro": re.compile(r"(?:PLUSGIRO|PGNR|PG)?([0-9]+)"),
}


def is_same(told: str, *, iban: str, bankgiro: str = "", plusgiro: str = "") -> bool:
    """Whether what a file calls the account is the account with this IBAN or one of its giros.

    >>> is_same("5000 0000 0583 9825 7466", iban="SE45 5000 0000 0583 9825 7466")
    True
    >>> is_same("5839-825 74 66", iban="SE4550000000058398257466")
    True
    >>> is_same("0050506922", iban="", bankgiro="5050-6922")
    True
    """
    text = _compact(told)
    if not text:
        return False
    if text == _compact(iban):
        return True
    return (
        _is_bban(text, bban(iban))
        or _is_five_digit_clearing(told, bban(iban))
        or _is_giro(text, bankgiro, "bankgiro")
        or _is_giro(text, plusgiro, "plusgiro")
    )


def read_iban(text: str) -> str:
    """An IBAN of any country as it is kept; empty where its form or check digits are wrong.

    Whether a bank with its code exists is not asked: lists of banks age, and are not of the IBAN.

    >>> read_iban("be68 5390 0754 7034")
    'BE68539007547034'
    """
    try:
        return str(_iban.validate(_compact(text), check_country=False))
    except _NotAnIban:
        return ""


def bban(iban: str) -> str:
    """A Swedish IBAN without country and check digits; empty for any other text.

    >>> bban("SE45 5000 0000 0583 9825 7466")
    '50000000058398257466'
    """
    found = re.fullmatch(rf"SE[0-9]{{2}}([0-9]{{{_BBAN_DIGITS}}})", _compact(iban))
    return found[1] if found else ""


def _compact(text: str) -> str:
    return re.sub(r"[\s.,\-\u2010-\u2015/]", "", text).upper()


def _is_bban(told: str, own: str) -> bool:
    if not own or not re.fullmatch(r"[0-9]+", told):
        return False
    bank, number = own[:_BANK_DIGITS], own[_BANK_DIGITS:].lstrip("0")
    if len(told) == _BBAN_DIGITS:
        return told == own
    if len(number) < _LEAST_NUMBER:
        return False
    if told.lstrip("0") == number:
        return True
    if len(told) > _MOST_CLEARING_AND_NUMBER:
        return told.startswith(bank) and told[_BANK_DIGITS:].lstrip("0") == number
    clearings, digits = _WITHOUT_CLEARING.get(bank, ("", 0))
    return bool(clearings) and bool(re.fullmatch(rf"(?:{clearings})0*{number.zfill(digits)}", told))


def _is_five_digit_clearing(told: str, own: str) -> bool:
    """Swedbank's 8103-4,974 424-3: the dash tells the clearing from a number without its zeros."""
    found = _FIVE_DIGIT_CLEARING.fullmatch(told.strip())
    if found is None or not own.startswith("800"):
        return False
    number = _compact(found["number"]).zfill(_NUMBER_DIGITS)
    return own[_BANK_DIGITS:].lstrip("0") == f"{found['clearing']}{found['check']}{number}"


def _is_giro(told: str, own: str, kind: str) -> bool:
    number = _compact(own).lstrip("0")
    found = _GIRO_WORDS[kind].fullmatch(told)
    return bool(number) and found is not None and found[1].lstrip("0") == number
