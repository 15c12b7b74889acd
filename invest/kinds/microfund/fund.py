"""A fund on a day: what was put in and for what, what is out, promised, free, lost, in default."""

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import Protocol

from invest.kinds.actions import Done, Snapshot, SnapshotOf
from invest.kinds.microfund.capacity import DefaultRate, Exposure, FundState, net_loss_rate
from invest.kinds.microfund.lending import LoanStory, stories
from invest.kinds.schedules import months_after


class FundTerms(Protocol):
    """What is asked of the terms of a fund."""

    @property
    def buffer_pct(self) -> int:
        """How much of the capital is kept in hand."""

    @property
    def most_per_borrower_minor(self) -> int:
        """The most for one borrower, in öre."""

    @property
    def most_cover_pct(self) -> int:
        """The most that is guaranteed of a loan."""


RANKS = (("gift", 1), ("stake", 2), ("subordinated", 3))


def contributions(now: Snapshot) -> dict[tuple[int, int, str], int]:
    """(Rank, holder, what it may be used for; empty: anything) → öre that stand."""
    ranks = dict(RANKS)
    held: dict[tuple[int, int, str], int] = defaultdict(int)
    for change in now.changes:
        if change.role in ranks and change.on <= now.as_of:
            held[ranks[change.role], change.number, change.bound_to] += change.amount
    return {key: minor for key, minor in sorted(held.items()) if minor}


def bound(now: Snapshot) -> dict[str, int]:
    """What the money may be used for → öre given for that and nothing else."""
    given: dict[str, int] = defaultdict(int)
    for (_rank, _holder, only), minor in contributions(now).items():
        given[only] += minor
    given.pop("", None)
    return dict(given)


def placed_from(now: Snapshot, only: str) -> int:
    """Öre of bound money that is out or promised: lent, guaranteed, called, or granted."""
    total, told = 0, stories(now)
    live = exposures(now)
    for decision in now.of("decision"):
        if decision.facts["says"] != "granted" or (decision.facts["bound_to"] or "") != only:
            continue
        used = [d for d in now.of("lend", "guarantee") if d.facts["decision"] == decision.number]
        for action in used:
            if action.act == "lend":
                total += told[action.number].left_minor if action.number in told else 0
            else:
                total += live[action.number].amount_minor if action.number in live else 0
                total += claim_left(now, action.number)
        total += 0 if used else decision.facts["amount"]
    return total


def free_for(now: SnapshotOf[FundTerms], only: str) -> int:
    """What may still be granted, in öre: bound money for its own use first, then the unbound."""
    idle = {use: max(0, minor - placed_from(now, use)) for use, minor in bound(now).items()}
    unbound = fund_state(now).free_minor - sum(idle.values())
    return unbound + idle.get(only, 0)


def losses_minor(now: Snapshot) -> int:
    """Written off and lost, less what was recovered."""
    lost = sum(d.facts["amount"] for d in now.of("write-off", "claim-lost"))
    return int(lost - sum(d.facts["amount"] for d in now.of("recover")))


def placed_minor(now: Snapshot) -> int:
    """All that was ever lent, and guaranteed when it was given."""
    lent = sum(story.action.facts["principal"] for story in stories(now).values())
    given = (d.facts["bank_loan"] * d.facts["cover_pct"] // 100 for d in now.of("guarantee"))
    return int(lent + sum(given))


def loss_rate(now: Snapshot) -> Fraction:
    """Losses less recoveries ÷ all that was ever placed. Raises BadTerms where nothing was."""
    return net_loss_rate(
        calls_minor=0,
        written_off_minor=losses_minor(now),
        recovered_minor=0,
        placed_minor=placed_minor(now),
    )


def guarantee_ended(now: Snapshot, action: Done) -> date | None:
    """When a guarantee ceased to bind: released, called, or its last day passed."""
    ends = [d.on for d in now.of("release", "call") if d.facts["guarantee"] == action.number]
    if action.facts["until"] < now.as_of:
        ends.append(action.facts["until"])
    return min(ends, default=None)


def balance_of(now: Snapshot, action: Done) -> int:
    """The bank's loan as last reported."""
    told = [d for d in now.of("loan-balance") if d.facts["guarantee"] == action.number]
    minor: int = told[-1].facts["balance"] if told else action.facts["bank_loan"]
    return minor


def exposures(now: Snapshot) -> dict[int, Exposure]:
    """Number of the guarantee → cover · the bank's loan, for those that bind."""
    return {
        action.number: Exposure(balance_of(now, action), action.facts["cover_pct"])
        for action in now.of("guarantee")
        if guarantee_ended(now, action) is None
    }


def approved_minor(now: Snapshot) -> int:
    """Granted and neither lent nor guaranteed yet."""
    used = {d.facts["decision"] for d in now.of("lend", "guarantee")}
    granted = (d for d in now.of("decision") if d.facts["says"] == "granted")
    return sum(d.facts["amount"] for d in granted if d.number not in used)


def fund_state(now: SnapshotOf[FundTerms]) -> FundState:
    """The fund on the standing's day."""
    earned = sum(
        parts.interest_minor + parts.fee_minor + parts.late_minor
        for story in stories(now).values()
        for _on, parts in story.received
    )
    state = FundState(
        stakes_minor=now.all_held("stake", now.as_of),
        subordinated_minor=now.all_held("subordinated", now.as_of),
        donations_minor=now.all_held("gift", now.as_of),
        retained_minor=earned,
        losses_minor=losses_minor(now),
        loans_minor=now.all_held("lent", now.as_of) + now.all_held("claim", now.as_of),
        guarantees=tuple(exposures(now).values()),
        approved_minor=approved_minor(now),
    )
    return _with_buffer(state, max(0, state.capital_minor) * now.kind.buffer_pct // 100)


def _with_buffer(state: FundState, buffer_minor: int) -> FundState:
    return FundState(
        **{
            name: getattr(state, name)
            for name in FundState.__dataclass_fields__
            if name != "buffer_minor"
        },
        buffer_minor=buffer_minor,
    )


def material_minor(now: Snapshot, on: date) -> int:
    """Less than this is no arrears (dated setting)."""
    return int(now.setting("arrears-material-minor", on) or 0)


def default_windows(now: Snapshot) -> list[tuple[date, date, DefaultRate]]:
    """Whole years from the first loan on: loans sound at the start, and those that defaulted.

    Delegated Regulation (EU) 2022/2115, article 2: loans without a payment due in the window are
    left out.
    """
    told = list(stories(now).values())
    if not told:
        return []
    windows = []
    start = min(story.action.on for story in told)
    while (end := months_after(start, 12)) <= now.as_of:
        sound = [s for s in told if _is_sound(now, s, start, end)]
        fell = [
            s
            for s in sound
            if any(start < d <= end for d in s.default_days(end, material_minor(now, end)))
        ]
        windows.append((start, end, DefaultRate(len(fell), len(sound))))
        start = end
    return windows


def _is_sound(now: Snapshot, story: LoanStory, start: date, end: date) -> bool:
    if story.action.on > start:
        return False
    before = story.default_days(start, material_minor(now, start))
    paid = sum(p.principal_minor for on, p in story.received if on <= start)
    is_over = paid >= story.action.facts["principal"]
    has_payment = any(
        start < row.due_on <= end for version in story.versions for row in version.rows
    )
    return has_payment and not before and not is_over


def claim_left(now: Snapshot, guarantee: int) -> int:
    """Öre of a call that are neither paid nor lost."""
    told = [
        d for d in now.of("call", "claim-paid", "claim-lost") if d.facts["guarantee"] == guarantee
    ]
    return sum(d.facts["amount"] * (1 if d.act == "call" else -1) for d in told)
