"""The book against a plain-Python model of it, by random play."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from pools import audit, balances, book
from pools.errors import AlreadyReversed, BelowFloor, KeyReused, NotYetThere, PeriodLocked
from pools.models import Entry, Transfer
from tests import factories as make
from tests.strategies import examples

CODES = ("bank", "ada", "bo", "cost")
FLOORED = {"ada": 0, "bo": -500}
keys = st.sampled_from([f"k{number}" for number in range(12)])
days = st.dates(date(2026, 1, 1), date(2026, 6, 30))
legs = st.lists(
    st.tuples(st.sampled_from(CODES), st.sampled_from(CODES), st.integers(1, 1000)).filter(
        lambda leg: leg[0] != leg[1]
    ),
    min_size=1,
    max_size=3,
)


class BookModel(RuleBasedStateMachine):
    """Every verb in any order; the model is a list of what was booked."""

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        ledger = make.ledger("model")
        self.accounts = {
            code: make.account(
                ledger,
                code,
                make.LIABILITY if code in FLOORED else make.ASSET,
                floor_minor=FLOORED.get(code),
            )
            for code in CODES
        }
        self.ledger = ledger
        self.entries: list[tuple[date, tuple, str, int | None]] = []
        self.keys: dict[str, tuple] = {}
        self.locked: date | None = None

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def balance(self, code: str, entries=None) -> int:
        total = 0
        for _, moves, _, _ in self.entries if entries is None else entries:
            for debit, credit, amount in moves:
                total += amount * ((code == debit) - (code == credit))
        return -total if code in FLOORED else total

    def allowed(self, moves) -> bool:
        """Whether the floors hold after each transfer, in the order the book writes them."""

        def lowers(move):
            return move[0] in FLOORED

        held = {code: self.balance(code) for code in FLOORED}
        for debit, credit, amount in sorted(moves, key=lowers):
            # Both sides of one transfer: the debit side is settled first.
            if debit in held:
                held[debit] -= amount
                if held[debit] < FLOORED[debit]:
                    return False
            if credit in held:
                held[credit] += amount
        return True

    def allowed_then(self, on, moves) -> bool:
        """Whether the floors of what is lowered hold at the end of every day from then on."""
        entries = [*self.entries, (on, moves, "", None)]
        ends = {on, *(day for day, *_ in self.entries if day > on)}
        return all(
            self.balance(code, [e for e in entries if e[0] <= day]) >= FLOORED[code]
            for code in {debit for debit, *_ in moves if debit in FLOORED}
            for day in ends
        )

    @invariant()
    def no_floor_was_ever_broken(self):
        for day in {day for day, *_ in self.entries}:
            then = balances.balances(self.accounts.values(), as_of=day)
            assert all(then[self.accounts[code].pk] >= floor for code, floor in FLOORED.items())

    @rule(key=keys, on=days, moves=legs)
    def post(self, key, on, moves):
        request = (on, tuple(moves), "test", None)

        def act():
            wanted = [
                book.Move(debit=self.accounts[d], credit=self.accounts[c], amount_minor=a)
                for d, c, a in moves
            ]
            return book.post(
                ledger=self.ledger, on=on, kind="test", by="model", key=key, moves=wanted
            )

        if key in self.keys:
            if self.keys[key][:2] == request[:2]:
                assert act().seq == self.keys[key][2]
            else:
                with pytest.raises(KeyReused), transaction.atomic():
                    act()
        elif self.locked and on <= self.locked:
            with pytest.raises(PeriodLocked), transaction.atomic():
                act()
        elif not self.allowed(moves):
            with pytest.raises(BelowFloor), transaction.atomic():
                act()
        elif not self.allowed_then(on, moves):
            with pytest.raises(NotYetThere), transaction.atomic():
                act()
        else:
            entry = act()
            self.entries.append(request)
            assert entry.seq == len(self.entries)
            self.keys[key] = (on, tuple(moves), entry.seq)

    @rule(which=st.integers(0, 30), on=days)
    def reverse(self, which, on):
        if not self.entries:
            return
        seq = which % len(self.entries) + 1
        entry = Entry.objects.get(ledger=self.ledger, seq=seq)
        # What was written last is undone first.
        written = _ordered(self.entries[seq - 1][1])
        moves = tuple((c, d, a) for d, c, a in reversed(written))
        done = any(original == seq for *_, original in self.entries)
        key = f"reverse:{seq}:{len(self.entries)}"

        def act():
            return book.reverse(entry=entry, on=on, key=key, by="model")

        if self.locked and on <= self.locked:
            with pytest.raises(PeriodLocked), transaction.atomic():
                act()
        elif done:
            with pytest.raises(AlreadyReversed), transaction.atomic():
                act()
        elif not self.allowed(moves):
            with pytest.raises(BelowFloor), transaction.atomic():
                act()
        elif not self.allowed_then(on, moves):
            with pytest.raises(NotYetThere), transaction.atomic():
                act()
        else:
            act()
            self.entries.append((on, moves, "test-reversed", seq))

    @rule(until=st.dates(date(2026, 1, 1), date(2026, 2, 15)))
    def lock(self, until):
        if self.locked and until < self.locked:
            with pytest.raises(PeriodLocked), transaction.atomic():
                book.lock_period(ledger=self.ledger, until=until)
        else:
            book.lock_period(ledger=self.ledger, until=until)
            self.locked = until

    @rule()
    def tamper(self):
        if self.entries:
            with pytest.raises(DatabaseError), transaction.atomic():
                Transfer.objects.filter(entry__ledger=self.ledger).update(amount_minor=1)

    @rule(as_of=days, back=st.integers(0, 5))
    def look_back(self, as_of, back):
        known_to = max(0, len(self.entries) - back)
        seen = [entry for entry in self.entries[:known_to] if entry[0] <= as_of]
        told = balances.balances(self.accounts.values(), as_of=as_of, known_to=known_to)
        assert told == {a.pk: self.balance(code, seen) for code, a in self.accounts.items()}

    @invariant()
    def balances_agree(self):
        told = balances.balances(self.accounts.values())
        assert told == {a.pk: self.balance(code) for code, a in self.accounts.items()}

    @invariant()
    def the_audit_is_clean(self):
        assert audit.run(audit.CHECKS) == []


def _ordered(moves):
    return sorted(moves, key=lambda move: move[0] in FLOORED)


@pytest.mark.django_db
@pytest.mark.hypothesis
@pytest.mark.fault("F52")
def test_the_book_follows_its_model():
    run_state_machine_as_test(BookModel, settings=examples(10, stateful_step_count=20))
