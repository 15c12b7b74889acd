"""The book as an hledger journal; `hledger check -s` accepts it."""

from collections.abc import Iterator
from datetime import date

from pools.exports.plain_text import account_name, amount, closings, entries
from pools.models import Ledger


def write(
    ledgers: list[Ledger], *, since: date | None = None, until: date | None = None
) -> Iterator[str]:
    """Lines of the journal, without line ends. Days inclusive; None: no limit."""
    yield "; The book of record, written for hledger. Debits are positive."
    for unit in {ledger.unit_id: ledger.unit for ledger in ledgers}.values():
        yield f"commodity 1{'.' + '0' * unit.scale if unit.scale else '.'} {unit.pk}"
    for ledger in ledgers:
        for account in ledger.accounts.order_by("code"):
            yield f"account {account_name(account)}"
    last = date.min
    for ledger in ledgers:
        for entry, postings in entries(ledger, since=since, until=until):
            last = max(last, entry.booked_on)
            yield ""
            yield f"{entry.booked_on} ({entry.seq}) {entry.kind}  ; key:{_tag(entry.key)}"
            for posting in postings:
                yield f"    {posting.account}  {amount(posting.amount_minor, ledger)}"
    if last > date.min:
        yield ""
        yield f"{last} closing balances"
        for ledger in ledgers:
            for closing in closings(ledger, since=since, until=until):
                zero, net = amount(0, ledger), amount(closing.amount_minor, ledger)
                yield f"    {closing.account}  {zero} = {net}"


def _tag(key: str) -> str:
    """A tag's value ends at a comma."""
    return key.replace(",", ";")
