"""The book as a beancount file; `bean-check` accepts it."""

from collections.abc import Iterator
from datetime import date, timedelta

from pools.exports.plain_text import account_name, amount, closings, entries
from pools.models import Ledger


def write(
    ledgers: list[Ledger], *, since: date | None = None, until: date | None = None
) -> Iterator[str]:
    """Lines of the file, without line ends. Days inclusive; None: no limit."""
    yield "; The book of record, written for beancount. Debits are positive."
    last = date.min
    for ledger in ledgers:
        booked = list(entries(ledger, since=since, until=until))
        opened = min((entry.booked_on for entry, _ in booked), default=date(1970, 1, 1))
        for account in ledger.accounts.order_by("code"):
            yield f"{opened} open {account_name(account)} {ledger.unit_id}"
        for entry, postings in booked:
            last = max(last, entry.booked_on)
            yield ""
            yield f'{entry.booked_on} * "{_quoted(entry.kind)}"'
            yield f"  seq: {entry.seq}"
            yield f'  key: "{_quoted(entry.key)}"'
            for posting in postings:
                yield f"  {posting.account}  {amount(posting.amount_minor, ledger)}"
    if last > date.min:
        day = last + timedelta(days=1)  # A beancount balance holds at the beginning of its day.
        for ledger in ledgers:
            yield ""
            for closing in closings(ledger, since=since, until=until):
                yield f"{day} balance {closing.account}  {amount(closing.amount_minor, ledger)}"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
