"""Words beside the rows that are kept for ever: bound by a commitment there, erasable here.

As `pools.Memo` does for the book: whoever is forgotten takes their words along, and the row that
they stood beside is never changed for it.
"""

import json
import secrets
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from django.db import models

from pools.seal import commit

_W = TypeVar("_W", bound="Worded")


class EventTextManager(models.Manager["EventText"]):
    """Writes words down."""

    def beside(self, words: str | Mapping[str, Any]) -> dict[str, Any]:
        """Words under a salt of their own, and what the row that they are of keeps of them.

        A row with several has them by name; what is empty is left out.
        """
        text = words if isinstance(words, str) else _as_one({k: v for k, v in words.items() if v})
        if not text:
            return {"beside": None, "words_commitment": ""}
        row = self.create(salt=secrets.token_hex(16), text=text)
        return {"beside": row, "words_commitment": row.commitment}


class EventText(models.Model):
    """Words of a row that only grows, with the salt of their commitment: erased, never changed."""

    salt = models.CharField(max_length=32)
    text = models.TextField()

    objects = EventTextManager()

    def __str__(self) -> str:
        return self.text

    @property
    def commitment(self) -> str:
        """What the row keeps: binds the words without telling them."""
        return commit(self.salt, self.text)


class WordedQuerySet(models.QuerySet[_W]):
    """Rows with words beside them."""

    def with_words(self) -> Self:
        """With the words in the same query, where they are read."""
        return self.select_related("beside")


class Worded(models.Model):
    """A row that is kept for ever, and whose words lie beside it."""

    # No constraint and no action: the words may be erased, and the row is never changed for it.
    beside = models.OneToOneField(
        EventText,
        models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="%(class)s",
    )
    words_commitment = models.CharField(
        max_length=64, blank=True, help_text="Of the words, erased or not; empty: there were none."
    )

    class Meta:
        abstract = True

    @property
    def text(self) -> str:
        """The words; empty where there were none, or where they are erased."""
        try:
            return self.beside.text if self.beside else ""
        except EventText.DoesNotExist:
            return ""

    @property
    def texts(self) -> dict[str, Any]:
        """The words of a row that has several."""
        return json.loads(self.text or "{}")  # type: ignore[no-any-return] # as `beside` wrote it


def _as_one(words: Mapping[str, Any]) -> str:
    return json.dumps(words, ensure_ascii=False, sort_keys=True) if words else ""
