"""What the audit says, and what it finds nothing in. What it finds: test_guards.py."""

from pools import audit, book
from tests import factories as make


def test_a_book_with_a_reversal_and_memos_has_no_findings(db):
    bank = make.account(make.ledger(), "bank")
    ada = make.account(bank.ledger, "ada", make.LIABILITY, floor_minor=0)
    entry = make.post(bank, ada, 100, "k1", memo="Insats")
    book.reverse(entry=entry, on=make.DAY, key="back", by="t", memo="Fel")

    assert audit.run(audit.CHECKS) == []


def test_a_finding_says_what_was_checked_where_and_what_is_wrong():
    finding = audit.Finding("chains_verify", "energi", "entry 2 does not match its seal")

    assert str(finding) == "chains_verify: energi: entry 2 does not match its seal"
    assert audit.run([lambda: iter([finding]), lambda: iter([finding])]) == [finding, finding]
