"""The hash chain over a ledger's entries: each seal covers the entry and the seal before it.

SHA-256 over canonical JSON, so that anyone with an export can recompute it. No personal data goes
in: texts are represented by salted commitments, and erasing a text leaves the chain whole.
Whoever changes the past must change every later seal, and the published heads with them.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Prefetch

from pools.models import Entry, Ledger, Transfer

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Sealable:
    """All of an entry that its seal covers. `transfers` are (debit code, credit code, amount)."""

    ledger: str
    unit: str
    seq: int
    kind: str
    booked_on: date
    recorded_at: datetime
    recorded_by: str
    key: str
    reverses_seq: int | None
    memo_commitment: str
    transfers: tuple[tuple[str, str, int], ...]

    def canonical(self) -> str:
        """The one spelling of this entry: JSON, no spaces, UTC, fixed order."""
        fields = [
            self.ledger,
            self.unit,
            self.seq,
            self.kind,
            self.booked_on.isoformat(),
            self.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.recorded_by,
            self.key,
            self.reverses_seq,
            self.memo_commitment,
            self.transfers,
        ]
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def seal(previous: str, entry: Sealable) -> str:
    """The entry's seal: 64 hexadecimal digits over the seal before it and the entry."""
    return hashlib.sha256(f"{previous}\n{entry.canonical()}".encode()).hexdigest()


def commit(salt: str, text: str) -> str:
    """Bind a text without telling it: HMAC-SHA-256 under a salt that can be thrown away."""
    return hmac.new(salt.encode(), text.encode(), hashlib.sha256).hexdigest()


def verify(ledger: Ledger) -> Iterator[str]:
    """Recompute the chain of a ledger in bounded memory; yield a sentence per break."""
    previous, seq = GENESIS, 0
    for entry in _entries(ledger):
        seq += 1
        if entry.seq != seq:
            yield f"entry {entry.seq} stands where {seq} should"
            seq = entry.seq
        if seal(previous, of(entry, ledger)) != entry.seal:
            yield f"entry {entry.seq} does not match its seal"
        memo = getattr(entry, "memo", None)
        if memo and commit(memo.salt, memo.text) != entry.memo_commitment:
            yield f"the memo of entry {entry.seq} does not match its commitment"
        previous = entry.seal
    if (ledger.head_seq, ledger.head_seal) != (seq, previous):
        yield f"the ledger's head says {ledger.head_seq}, its last entry is {seq}"


def of(entry: Entry, ledger: Ledger) -> Sealable:
    """What the stored entry says; transfers in their order."""
    return Sealable(
        ledger=ledger.code,
        unit=ledger.unit_id,
        seq=entry.seq,
        kind=entry.kind,
        booked_on=entry.booked_on,
        recorded_at=entry.recorded_at,
        recorded_by=entry.recorded_by,
        key=entry.key,
        reverses_seq=entry.reverses.seq if entry.reverses else None,
        memo_commitment=entry.memo_commitment,
        transfers=tuple(_legs(entry.transfers.all())),
    )


def _legs(transfers: Iterable[Transfer]) -> Iterator[tuple[str, str, int]]:
    for transfer in transfers:
        yield transfer.debit.code, transfer.credit.code, transfer.amount_minor


def _entries(ledger: Ledger) -> Iterator[Entry]:
    transfers = Transfer.objects.order_by("ordinal").select_related("debit", "credit")
    return iter(
        Entry.objects.filter(ledger=ledger)
        .order_by("seq")
        .select_related("reverses", "memo")
        .prefetch_related(Prefetch("transfers", transfers))
        .iterator(chunk_size=1000)
    )
