"""Personal identity numbers and organisation numbers: read, sealed, and shown in part.

Only registers that must hold them by law ask for one. In the database a number is encrypted with a
key of the installation, so that a copy of the database alone tells nobody's. Rules of form:
folkbokföringslagen (1991:481) 18 and 18 a §§ (a coordination number has the day plus 60);
lag (1974:174) om identitetsbeteckning (an organisation's third digit is at least 2).
"""

import base64
import hashlib
import re
from datetime import date

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from stdnum import luhn

from invest.refusals import NotAnIdentity

_SHAPE = re.compile(r"(\d{2})?(\d{6})[-\u2010-\u2015\u2212+]?(\d{4})", re.ASCII)
_MOST_YEARS = 120  # Nobody has lived longer, or nearly nobody: the plus was typed for a minus.


def read(typed: str, *, today: date) -> str:
    """`YYYYMMDD-NNNN` of a person, `NNNNNN-NNNN` of an organisation. Raises NotAnIdentity.

    Ten digits are a person's of this or the last century, whichever is past; a plus sign says that
    the person has turned a hundred, and is refused where it makes somebody older than 120.
    """
    found = _SHAPE.fullmatch("".join(typed.split()))
    if found is None or not luhn.is_valid(found[2] + found[3]):
        raise NotAnIdentity
    century, six, four = found.groups()
    if century in {None, "16"} and int(six[2:4]) >= 20:
        return f"{six}-{four}"
    if century is None:
        year = today.year // 100 * 100 + int(six[:2])
        year -= 100 * (year > today.year) + 100 * ("+" in typed)
        century = str(year // 100)
    day = int(six[4:6])
    try:
        born = date(int(century + six[:2]), int(six[2:4]), day - 60 * (day > 60))
    except ValueError as impossible:
        raise NotAnIdentity from impossible
    is_too_old = "+" in typed and born.year < today.year - _MOST_YEARS
    if born > today or is_too_old:
        raise NotAnIdentity
    return f"{century}{six}-{four}"


def shown(number: str) -> str:
    """A person's number without its last four digits; an organisation's is no secret."""
    return f"{number[:8]}-****" if len(number) > 11 else number


def seal(number: str) -> str:
    """Encrypted, for the database; empty stays empty."""
    return _cipher().encrypt(number.encode()).decode() if number else ""


def unseal(sealed: str) -> str:
    """The number again; empty where it was sealed with a key that is no more."""
    try:
        return _cipher().decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken:
        return ""


def _cipher() -> Fernet:
    key = hashlib.sha256(f"identity:{settings.IDENTITY_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
