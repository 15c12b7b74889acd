"""Done once, however often it is sent: a key, whose it is, and what came with it.

Whoever sends makes the key before the first send. The same key with the same content returns what
is there already; with any other content, or from somebody else, it is KeyReused and tells nothing.

What a row holds in its own columns is compared there. The rest is kept as a fingerprint only: a
MAC over the content, with a salt for each row and a secret that is not in the database, so that no
name or address can be found again by guessing, and no two rows show that they are alike.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from pools.errors import KeyReused

_Row = TypeVar("_Row", bound=models.Model)
_SIZE = 64  # Of the column, which once held a bare SHA-256.
_SALT = 16  # Hexadecimal digits.
_BETWEEN = "."  # No hexadecimal digit: what tells a new fingerprint from one of before.


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent under a key: its `columns`, and the `content` only a fingerprint tells.

    `content` holds codes, words, numbers and lists or dicts of them, never the key of a row. A row
    with `content` has the field `fingerprint`; rows of before salts hashed `row_id` ahead of it.
    """

    key: str
    columns: Mapping[str, Any] = field(default_factory=dict)
    content: Sequence[Any] | None = None
    row_id: int = 0

    def earlier(self, rows: "models.QuerySet[_Row]") -> _Row | None:
        """The row that the key has made already. Raises KeyReused where it is of other content."""
        row = rows.filter(key=self.key).first()
        if row is not None and not self.is_in(row):
            raise KeyReused
        return row

    def is_in(self, row: models.Model) -> bool:
        """Whether a row is what was sent."""
        if any(getattr(row, name) != told for name, told in self.columns.items()):
            return False
        return self.content is None or self._is_kept_as(getattr(row, "fingerprint"))  # noqa: B009

    def once(self, rows: "models.QuerySet[_Row]", make: Callable[[], _Row]) -> _Row:
        """Make the row, all of it or nothing; of two at once one makes it and both get it."""
        try:
            with transaction.atomic():
                return make()
        except IntegrityError:
            # The same tap, a hair earlier, on another worker.
            if row := self.earlier(rows):
                return row
            raise

    def fingerprint(self) -> str:
        """Of the content, another each time it is asked for: to be kept in the row."""
        return self._salted(secrets.token_hex(_SALT // 2), settings.SECRET_KEY)

    def _is_kept_as(self, kept: str) -> bool:
        salt, between, _mac = kept.partition(_BETWEEN)
        if not between:
            # Of before salts; empty where whoever sent it was forgotten, and then like nothing.
            return constant_time_compare(kept, self._bare())
        known = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        return any(constant_time_compare(kept, self._salted(salt, secret)) for secret in known)

    def _salted(self, salt: str, secret: str | bytes) -> str:
        mac = salted_hmac(f"once {salt}", self._text(self.content), secret, algorithm="sha256")
        return f"{salt}{_BETWEEN}{mac.hexdigest()}"[:_SIZE]

    def _bare(self) -> str:
        return hashlib.sha256(self._text([self.row_id, *(self.content or ())]).encode()).hexdigest()

    @staticmethod
    def _text(content: Sequence[Any] | None) -> str:
        return json.dumps(content, ensure_ascii=False, sort_keys=True)
