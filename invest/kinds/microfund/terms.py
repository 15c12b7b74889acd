"""Mikrofonder: money that goes out as loans and guarantees, comes back, and goes out again.

What the fund can still carry is its capital less what is out or promised and a buffer. A guarantee
is a promise: its exposure falls with the bank's loan, and only a call moves money.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar, Self

from django.utils.translation import gettext_lazy as _

from invest.kinds.actions import (
    Act,
    Agreement,
    Answer,
    At,
    Column,
    Done,
    Posting,
    Question,
    Row,
    Shape,
    Sheet,
    Standing,
    Text,
)
from invest.kinds.kind import AccountRole, Kind, whole
from invest.kinds.microfund.capacity import (
    DefaultRate,
    Exposure,
    FundState,
    average_default_rate,
    net_loss_rate,
    revolving_factor,
)
from invest.kinds.microfund.lending import LoanStory, receipt_parts, stories
from invest.kinds.plans import PLAN_QUESTIONS, loan_of
from invest.kinds.refusals import (
    AlreadyRecorded,
    BadTerms,
    NothingOwed,
    NotOnRecord,
    OverCapacity,
    TooMuch,
)
from invest.kinds.schedules import Due, months_after, plan
from pools.money import MOST_MINOR, kronor
from pools.wording import kronor_text, percent_text


@dataclass(frozen=True)
class Microfund(Kind):
    """How much is kept in hand, the most for one borrower, the most guaranteed of a loan."""

    kind: ClassVar[str] = "microfund"
    label: ClassVar[Text] = _("Microfund")
    instrument: ClassVar[Text] = _("contribution to the fund")
    explanation: ClassVar[Text] = _(
        "You put money in a fund of the village. It lends and guarantees to small enterprises "
        "nearby, comes back, and goes out again."
    )
    risk: ClassVar[Text] = _(
        "A contribution to a fund is no savings account: there is no deposit guarantee, and "
        "losses on its loans and guarantees are borne by those who put money in."
    )
    money_role: ClassVar[str] = "stake"
    weight_role: ClassVar[str] = "stake"
    offered_roles: ClassVar[tuple[str, ...]] = ("stake", "subordinated", "gift")
    pools_money: ClassVar[bool] = True
    lends: ClassVar[bool] = True

    buffer_pct: int
    most_per_borrower_minor: int
    most_cover_pct: int

    @classmethod
    def accounts(cls) -> tuple[AccountRole, ...]:
        """Contributions by rank (gifts bear losses first), loans out, and claims after calls."""
        return (
            AccountRole("stake", "equity", "2083", floored=True, label=_("Stakes")),
            AccountRole("subordinated", "equity", "2084", floored=True, label=_("Subordinated")),
            AccountRole("gift", "equity", "2070", floored=True, label=_("Gifts")),
            AccountRole("lent", "asset", "1381", floored=True, label=_("Lent")),
            AccountRole("claim", "asset", "1684", floored=True, label=_("Claims")),
        )

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """Read stored terms."""
        return cls(
            buffer_pct=whole(raw, "buffer_pct", 0, 100),
            most_per_borrower_minor=whole(raw, "most_per_borrower_minor", 1, MOST_MINOR),
            most_cover_pct=whole(raw, "most_cover_pct", 0, 100),
        )

    @classmethod
    def questions(cls) -> tuple[Question, ...]:
        """Buffer, the most for one, the most of a loan."""
        return (
            Question(
                "buffer_pct", _("Kept in hand, per cent"), Answer.WHOLE, initial="10", least=0
            ),
            Question("most_per_borrower_minor", _("Most for one borrower"), Answer.KRONOR),
            Question(
                "most_cover_pct",
                _("Most that is guaranteed of a loan, per cent"),
                Answer.WHOLE,
                initial="80",
            ),
        )

    def units_for(self, amount_minor: int) -> int:
        """A contribution counts no units."""
        return 0

    def schedule(self, principal_minor: int, start: date) -> list[Due]:
        """Contributions are not repaid by plan."""
        return []

    def suggestions(self) -> tuple[int, ...]:
        """500, 1 000, 5 000 and 10 000 kr."""
        return (50_000, 100_000, 500_000, 1_000_000)

    def describe(self) -> list[tuple[Text, Text]]:
        """Buffer, the most for one, the most of a loan."""
        return [
            (_("Kept in hand"), percent_text(self.buffer_pct)),
            (_("Most for one borrower"), kronor_text(self.most_per_borrower_minor)),
            (_("Guarantees at most"), percent_text(self.most_cover_pct)),
        ]

    @classmethod
    def acts(cls) -> tuple[Act, ...]:
        """From enquiry to loan or guarantee, and all that may become of them."""
        return _ACTS

    @classmethod
    def sheets(cls) -> tuple[Sheet, ...]:
        """Loans, guarantees, the funnel, capacity, and the default rate."""
        return _SHEETS

    def tell(self, standing: Standing) -> list[tuple[Text, Text]]:
        """Capital, what is out, and what is free."""
        state = fund_state(standing)
        return [
            (_("Capital"), kronor_text(state.capital_minor)),
            (_("Lent"), kronor_text(standing.all_held("lent"))),
            (_("Guaranteed"), kronor_text(sum(g.minor for g in state.guarantees))),
            (_("Free to lend"), kronor_text(state.free_minor)),
        ]

    def agreements(self, standing: Standing) -> list[Agreement]:
        """Loans and claims by their stories are what the borrowers' accounts hold."""
        lent: dict[int, int] = defaultdict(int)
        for story in stories(standing).values():
            lent[story.deed.facts["borrower"]] += story.left_minor
        claims: dict[int, int] = defaultdict(int)
        for deed in standing.of("guarantee"):
            claims[deed.facts["debtor"]] += claim_left(standing, deed.number)
        return [
            Agreement(_("%(what)s of holder %(n)s") % {"what": what, "n": who}, told[who], minor)
            for what, told, role in ((_("loans"), lent, "lent"), (_("claims"), claims, "claim"))
            for who, minor in standing.held(role).items()
        ]

    def publish(self, standing: Standing) -> list[tuple[Text, Text]]:
        """The same for everybody: sums, of nobody in particular."""
        return self.tell(standing)


Facts = Mapping[str, Any]


# --- Figures ---


_RANKS = (("gift", 1), ("stake", 2), ("subordinated", 3))


def contributions(now: Standing) -> dict[tuple[int, int, str], int]:
    """(Rank, holder, what it may be used for; empty: anything) → öre that stand."""
    ranks = dict(_RANKS)
    held: dict[tuple[int, int, str], int] = defaultdict(int)
    for change in now.changes:
        if change.role in ranks and change.on <= now.as_of:
            held[ranks[change.role], change.number, change.bound_to] += change.amount
    return {key: minor for key, minor in sorted(held.items()) if minor}


def bound(now: Standing) -> dict[str, int]:
    """What the money may be used for → öre given for that and nothing else."""
    given: dict[str, int] = defaultdict(int)
    for (_rank, _holder, only), minor in contributions(now).items():
        given[only] += minor
    given.pop("", None)
    return dict(given)


def placed_from(now: Standing, only: str) -> int:
    """Öre of bound money that is out or promised: lent, guaranteed, called, or granted."""
    total, told = 0, stories(now)
    live = exposures(now)
    for decision in now.of("decision"):
        if decision.facts["says"] != "granted" or (decision.facts["bound_to"] or "") != only:
            continue
        used = [d for d in now.of("lend", "guarantee") if d.facts["decision"] == decision.number]
        for deed in used:
            if deed.act == "lend":
                total += told[deed.number].left_minor if deed.number in told else 0
            else:
                total += live[deed.number].minor if deed.number in live else 0
                total += claim_left(now, deed.number)
        total += 0 if used else decision.facts["amount"]
    return total


def free_for(now: Standing, only: str) -> int:
    """What may still be granted, in öre: bound money for its own use first, then the unbound."""
    idle = {use: max(0, minor - placed_from(now, use)) for use, minor in bound(now).items()}
    unbound = fund_state(now).free_minor - sum(idle.values())
    return unbound + idle.get(only, 0)


def losses_minor(now: Standing) -> int:
    """Written off and lost, less what was recovered."""
    lost = sum(d.facts["amount"] for d in now.of("write-off", "claim-lost"))
    return int(lost - sum(d.facts["amount"] for d in now.of("recover")))


def placed_minor(now: Standing) -> int:
    """All that was ever lent, and guaranteed when it was given."""
    lent = sum(story.deed.facts["principal"] for story in stories(now).values())
    given = (d.facts["bank_loan"] * d.facts["cover_pct"] // 100 for d in now.of("guarantee"))
    return int(lent + sum(given))


def loss_rate(now: Standing) -> Fraction:
    """Losses less recoveries ÷ all that was ever placed. Raises BadTerms where nothing was."""
    return net_loss_rate(
        calls_minor=0,
        written_off_minor=losses_minor(now),
        recovered_minor=0,
        placed_minor=placed_minor(now),
    )


def guarantee_ended(now: Standing, deed: Done) -> date | None:
    """When a guarantee ceased to bind: released, called, or its last day passed."""
    ends = [d.on for d in now.of("release", "call") if d.facts["guarantee"] == deed.number]
    if deed.facts["until"] < now.as_of:
        ends.append(deed.facts["until"])
    return min(ends, default=None)


def balance_of(now: Standing, deed: Done) -> int:
    """The bank's loan as last reported."""
    told = [d for d in now.of("loan-balance") if d.facts["guarantee"] == deed.number]
    minor: int = told[-1].facts["balance"] if told else deed.facts["bank_loan"]
    return minor


def exposures(now: Standing) -> dict[int, Exposure]:
    """Number of the guarantee → cover · the bank's loan, for those that bind."""
    return {
        deed.number: Exposure(balance_of(now, deed), deed.facts["cover_pct"])
        for deed in now.of("guarantee")
        if guarantee_ended(now, deed) is None
    }


def approved_minor(now: Standing) -> int:
    """Granted and neither lent nor guaranteed yet."""
    used = {d.facts["decision"] for d in now.of("lend", "guarantee")}
    granted = (d for d in now.of("decision") if d.facts["says"] == "granted")
    return sum(d.facts["amount"] for d in granted if d.number not in used)


def fund_state(now: Standing) -> FundState:
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
    kind = now.kind
    share = kind.buffer_pct if isinstance(kind, Microfund) else 0
    return _with_buffer(state, max(0, state.capital_minor) * share // 100)


def _with_buffer(state: FundState, buffer_minor: int) -> FundState:
    return FundState(
        **{
            name: getattr(state, name)
            for name in FundState.__dataclass_fields__
            if name != "buffer_minor"
        },
        buffer_minor=buffer_minor,
    )


def material_minor(now: Standing, on: date) -> int:
    """Less than this is no arrears (dated setting)."""
    return int(now.setting("arrears-material-minor", on) or 0)


def default_windows(now: Standing) -> list[tuple[date, date, DefaultRate]]:
    """Whole years from the first loan on: loans sound at the start, and those that defaulted.

    Delegated Regulation (EU) 2022/2115, article 2: loans without a payment due in the window are
    left out.
    """
    told = list(stories(now).values())
    if not told:
        return []
    windows = []
    start = min(story.deed.on for story in told)
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


def _is_sound(now: Standing, story: LoanStory, start: date, end: date) -> bool:
    if story.deed.on > start:
        return False
    before = story.default_days(start, material_minor(now, start))
    paid = sum(p.principal_minor for on, p in story.received if on <= start)
    is_over = paid >= story.deed.facts["principal"]
    has_payment = any(
        start < row.due_on <= end for version in story.versions for row in version.rows
    )
    return has_payment and not before and not is_over


# --- Rules ---


def _decision(kind: Microfund, facts: Facts, now: Standing) -> list[Posting]:
    """Granted only within what is free and the most for one borrower, or by a named override."""
    if any(d.facts["application"] == facts["application"] for d in now.of("decision")):
        raise AlreadyRecorded(what=_("the decision"))
    if facts["says"] == "declined":
        return []
    if facts["amount"] is None:
        raise BadTerms(reason=_("say how much is granted"))
    only = facts["bound_to"] or ""
    if only and only not in (known := bound(now)):
        raise BadTerms(reason=_("no money was given for just that; there is: %(known)s")
                       % {"known": ", ".join(known) or "–"})  # fmt: skip
    free = min(free_for(now, only), kind.most_per_borrower_minor)
    if facts["amount"] > free and not facts["override"]:
        raise OverCapacity(free=kronor(max(0, free)))
    return []


def _granted(now: Standing, facts: Facts, minor: int) -> None:
    decision = now.deed(facts["decision"])
    if decision.facts["says"] != "granted":
        raise NotOnRecord
    if minor > decision.facts["amount"]:
        raise TooMuch(left=kronor(decision.facts["amount"]))
    if any(d.facts["decision"] == decision.number for d in now.of("lend", "guarantee")):
        raise AlreadyRecorded(what=_("what was granted"))


def _lend(kind: Microfund, facts: Facts, now: Standing) -> list[Posting]:
    _granted(now, facts, facts["principal"])
    plan(facts["plan"], loan_of(facts, facts["principal"], now.as_of))
    return [Posting(At("lent", facts["borrower"]), At("bank"), facts["principal"])]


def _story(now: Standing, facts: Facts) -> LoanStory:
    story = stories(now)[facts["loan"]]
    if not story.left_minor:
        raise NothingOwed
    return story


def _receipt(kind: Microfund, facts: Facts, now: Standing) -> list[Posting]:
    """All comes in as an advance, and what is owed is settled from it, in order.

    What is paid in kind becomes the fund's property at its value. A little too much in the end is
    an advance to be given back; much too much is a slip of the finger.
    """
    story = _story(now, facts)
    most = _most_receivable(story, facts, now.as_of)
    if facts["amount"] > most + material_minor(now, now.as_of):
        raise TooMuch(left=kronor(most))
    parts = receipt_parts(story, Done(0, "receipt", now.as_of, facts))
    advance, borrower = At("liabilities:advance"), story.deed.facts["borrower"]
    into = At("assets:property" if facts["how"] == "kind" else "bank")
    return [
        Posting(into, advance, facts["amount"]),
        Posting(advance, At("income:fees"), parts.costs_minor + parts.fee_minor),
        Posting(advance, At("income:interest"), parts.late_minor + parts.interest_minor),
        Posting(advance, At("lent", borrower), parts.principal_minor),
    ]


def _give_back(kind: Microfund, facts: Facts, now: Standing) -> list[Posting]:
    """What a borrower paid too much, when nothing is left to settle it with."""
    story = stories(now)[facts["loan"]]
    return [Posting(At("liabilities:advance"), At("bank"), story.advance_minor)]


def _overpaid(now: Standing) -> set[int]:
    return {n for n, s in stories(now).items() if s.advance_minor and not s.left_minor}


def _most_receivable(story: LoanStory, facts: Facts, on: date) -> int:
    """All that could still be asked for: what is left, what is owed, and the interest to come."""
    coming = [row for row in story.now.rows if row.due_on > on]
    owed = story.owed(on)
    return (
        story.left_minor
        - story.advance_minor
        + owed.interest_minor
        + owed.fee_minor
        + sum(row.interest_minor + row.fee_minor for row in coming)
        + (facts["costs"] or 0)
        + (facts["late"] or 0)
    )


def _restructure(kind: Microfund, facts: Facts, now: Standing) -> list[Posting]:
    story = _story(now, facts)
    plan(facts["plan"], loan_of(facts, story.left_minor, now.as_of))
    return []


def _write_off(kind: Microfund, facts: Facts, now: Standing) -> list[Posting]:
    story = _story(now, facts)
    if facts["amount"] > story.left_minor:
        raise TooMuch(left=kronor(story.left_minor))
    borrower = story.deed.facts["borrower"]
    return [Posting(At("expenses:losses"), At("lent", borrower), facts["amount"])]


def _recover(kind: Microfund, facts: Facts, now: Standing) -> list[Posting]:
    story = stories(now)[facts["loan"]]
    if facts["amount"] > (lost := story.written_off_minor - story.recovered_minor):
        raise TooMuch(left=kronor(lost))
    return [Posting(At("bank"), At("expenses:losses"), facts["amount"])]


def _guarantee(kind: Microfund, facts: Facts, now: Standing) -> list[Posting]:
    if facts["cover_pct"] > kind.most_cover_pct:
        raise BadTerms(reason=_("the cover is higher than the fund's terms allow"))
    if facts["until"] <= now.as_of:
        raise BadTerms(reason=_("it ends before it begins"))
    _granted(now, facts, Exposure(facts["bank_loan"], facts["cover_pct"]).minor)
    return []


def _binding(now: Standing, facts: Facts) -> Done:
    deed = now.deed(facts["guarantee"])
    if guarantee_ended(now, deed) is not None:
        raise NothingOwed
    return deed


def _loan_balance(kind: Microfund, facts: Facts, now: Standing) -> list[Posting]:
    if facts["balance"] > (loan := _binding(now, facts).facts["bank_loan"]):
        raise TooMuch(left=kronor(loan))
    return []


def _call(kind: Microfund, facts: Facts, now: Standing) -> list[Posting]:
    """The bank's demand is paid, and the fund has a claim on the debtor (regress)."""
    deed = _binding(now, facts)
    if facts["amount"] > (most := exposures(now)[deed.number].minor):
        raise TooMuch(left=kronor(most))
    return [Posting(At("claim", deed.facts["debtor"]), At("bank"), facts["amount"])]


def claim_left(now: Standing, guarantee: int) -> int:
    """Öre of a call that are neither paid nor lost."""
    told = [
        d for d in now.of("call", "claim-paid", "claim-lost") if d.facts["guarantee"] == guarantee
    ]
    return sum(d.facts["amount"] * (1 if d.act == "call" else -1) for d in told)


def _claim(kind: Microfund, facts: Facts, now: Standing, into: At) -> list[Posting]:
    if facts["amount"] > (left := claim_left(now, facts["guarantee"])):
        raise TooMuch(left=kronor(left))
    debtor = now.deed(facts["guarantee"]).facts["debtor"]
    return [Posting(into, At("claim", debtor), facts["amount"])]


def _claim_paid(kind: Microfund, facts: Facts, now: Standing) -> list[Posting]:
    return _claim(kind, facts, now, At("bank"))


def _claim_lost(kind: Microfund, facts: Facts, now: Standing) -> list[Posting]:
    return _claim(kind, facts, now, At("expenses:losses"))


def _release(kind: Microfund, facts: Facts, now: Standing) -> list[Posting]:
    _binding(now, facts)
    return []


# --- What can be read ---


def loan_state(now: Standing, story: LoanStory) -> Text:
    """In the words of the field; more than 90 days late is a default."""
    late = story.days_late(now.as_of, material_minor(now, now.as_of))
    if not story.left_minor:
        return _("written off") if story.written_off_on else _("repaid")
    for most, label in ((0, None), (30, _("1–30 days late")), (60, _("31–60 days late")),
                        (90, _("61–90 days late"))):  # fmt: skip
        if late <= most:
            return label or (_("restructured") if story.restructured_on else _("as planned"))
    return _("default: more than 90 days late")


def _loans(kind: Microfund, now: Standing) -> list[Row]:
    return [
        (
            story.deed.facts["borrower"],
            number,
            story.deed.on,
            story.deed.facts["principal"],
            story.left_minor,
            story.owed(now.as_of).total_minor if story.left_minor else 0,
            story.days_late(now.as_of, material_minor(now, now.as_of)),
            loan_state(now, story),
        )
        for number, story in stories(now).items()
    ]


def _guarantees(kind: Microfund, now: Standing) -> list[Row]:
    live = exposures(now)
    rows = []
    for deed in now.of("guarantee"):
        called = any(d.facts["guarantee"] == deed.number for d in now.of("call"))
        released = any(d.facts["guarantee"] == deed.number for d in now.of("release"))
        state = _("called") if called else _("released") if released else _("has run out")
        rows.append(
            (
                deed.facts["debtor"],
                deed.number,
                deed.facts["lender"],
                deed.facts["bank_loan"],
                deed.facts["cover_pct"],
                balance_of(now, deed),
                live[deed.number].minor if deed.number in live else 0,
                deed.facts["until"],
                _("in force") if deed.number in live else state,
                claim_left(now, deed.number),
            )
        )
    return rows


def _funnel(kind: Microfund, now: Standing) -> list[Row]:
    years = sorted({d.on.year for d in now.of("enquiry", "application", "decision")})
    rows = []
    for year in years:
        counts = [
            sum(1 for d in now.of(act) if d.on.year == year) for act in ("enquiry", "application")
        ]
        said = [d.facts["says"] for d in now.of("decision") if d.on.year == year]
        rows.append((str(year), *counts, said.count("granted"), said.count("declined")))
    return rows


def _capacity(kind: Microfund, now: Standing) -> list[Row]:
    state = fund_state(now)
    placed = placed_minor(now)
    rows: list[Row] = [
        (_("Stakes"), state.stakes_minor, None),
        (_("Subordinated"), state.subordinated_minor, None),
        (_("Gifts"), state.donations_minor, None),
        (_("Interest and fees earned"), state.retained_minor, None),
        (_("Losses"), -state.losses_minor, None),
        (_("Capital"), state.capital_minor, None),
        (_("Lent, and claims"), state.loans_minor, None),
        (_("Guaranteed"), sum(g.minor for g in state.guarantees), None),
        (_("Granted, not yet paid out"), state.approved_minor, None),
        (_("Buffer"), state.buffer_minor, None),
        (_("Free to lend"), state.free_minor, None),
        *(
            (
                _("Of that only for %(use)s") % {"use": use},
                max(0, minor - placed_from(now, use)),
                None,
            )
            for use, minor in bound(now).items()
        ),
        (_("Bank loans enabled"), sum(g.loan_balance_minor for g in state.guarantees), None),
    ]
    if state.capital_minor > 0:
        rows += [
            (_("Used, per cent of capital"), None, 100 * state.utilisation),
            (_("Leverage"), None, state.leverage),
            (_("Times the capital has gone out"), None,
             revolving_factor(placed, state.capital_minor)),
        ]  # fmt: skip
    if placed:
        rows.append((_("Net loss, per cent of all placed"), None, 100 * loss_rate(now)))
    return rows


def _default_rate(kind: Microfund, now: Standing) -> list[Row]:
    windows = default_windows(now)
    rows: list[Row] = [
        (f"{start} – {end}", rate.defaulted, rate.sound_at_start,
         None if rate.share is None else 100 * rate.share)
        for start, end, rate in windows
    ]  # fmt: skip
    average = average_default_rate(tuple(rate for _start, _end, rate in windows))
    if average is not None:
        rows.append((_("Simple average"), None, None, 100 * average))
    return rows


def _contributions(kind: Microfund, now: Standing) -> list[Row]:
    roles = {rank: role for role, rank in _RANKS}
    labels = {role.role: role.label for role in kind.accounts()}
    return [
        (who, labels[roles[rank]], rank, only, minor)
        for (rank, who, only), minor in contributions(now).items()
    ]


# --- What may still be chosen ---


def _undecided(now: Standing) -> set[int]:
    decided = {d.facts["application"] for d in now.of("decision")}
    return {d.number for d in now.of("application")} - decided


def _unused(now: Standing) -> set[int]:
    used = {d.facts["decision"] for d in now.of("lend", "guarantee")}
    return {d.number for d in now.of("decision") if d.facts["says"] == "granted"} - used


def _unpaid(now: Standing) -> set[int]:
    return {number for number, story in stories(now).items() if story.left_minor}


def _lost(now: Standing) -> set[int]:
    return {n for n, s in stories(now).items() if s.written_off_minor > s.recovered_minor}


def _in_force(now: Standing) -> set[int]:
    return set(exposures(now))


def _claimed(now: Standing) -> set[int]:
    return {d.number for d in now.of("guarantee") if claim_left(now, d.number)}


_LOAN = Question("loan", _("Loan"), Answer.DEED, of="lend", among=_unpaid)
_GUARANTEE = Question("guarantee", _("Guarantee"), Answer.DEED, of="guarantee", among=_in_force)
_CLAIM = replace(_GUARANTEE, among=_claimed)
_DECISION = Question("decision", _("Decision"), Answer.DEED, of="decision", among=_unused)
_AMOUNT = Question("amount", _("Amount, in kronor"), Answer.KRONOR)
_ACTS = (
    Act(
        "enquiry",
        _("Somebody asks"),
        _("The first step: an enquiry, in a few words and without names."),
        (Question("what", _("About what"), Answer.TEXT),),
    ),
    Act(
        "application",
        _("An application"),
        _("What is applied for, and how much."),
        (
            Question("enquiry", _("Enquiry"), Answer.DEED, of="enquiry", is_optional=True),
            Question("what", _("About what"), Answer.TEXT),
            _AMOUNT,
        ),
    ),
    Act(
        "decision",
        _("A decision on an application"),
        _("Granted within what the fund can carry, or declined."),
        (
            Question(
                "application",
                _("Application"),
                Answer.DEED,
                of="application",
                among=_undecided,
            ),
            Question(
                "says",
                _("Decision"),
                Answer.CHOICE,
                choices=(("granted", _("granted")), ("declined", _("declined"))),
            ),
            Question("amount", _("Granted, in kronor"), Answer.KRONOR, is_optional=True),
            Question(
                "bound_to",
                _("From money given only for"),
                Answer.TEXT,
                help=_("Empty: from money that may be used for anything."),
                is_optional=True,
            ),
            Question(
                "override",
                _("Where it is more than is free: the paper that allows it"),
                Answer.TEXT,
                is_optional=True,
            ),
        ),
        _decision,
        needs_second=True,
        needs_evidence=True,
    ),
    Act(
        "lend",
        _("A loan is paid out"),
        _("To the borrower, by a plan."),
        (
            _DECISION,
            Question("borrower", _("Borrower"), Answer.PERSON, role="lent"),
            Question("principal", _("Loan, in kronor"), Answer.KRONOR),
            *PLAN_QUESTIONS,
        ),
        _lend,
        needs_second=True,
        needs_evidence=True,
    ),
    Act(
        "receipt",
        _("A borrower pays"),
        _("Costs, late interest, interest, fee and principal are settled in that order."),
        (
            _LOAN,
            _AMOUNT,
            Question(
                "early",
                _("Pay off more than what is due"),
                Answer.CHOICE,
                choices=(("no", _("no: keep it as an advance")), ("yes", _("yes"))),
            ),
            Question(
                "how",
                _("Paid"),
                Answer.CHOICE,
                choices=(("money", _("at the bank")), ("kind", _("in kind, at its value"))),
                is_optional=True,
            ),
            Question("costs", _("Costs claimed"), Answer.KRONOR, is_optional=True),
            Question("late", _("Late interest claimed"), Answer.KRONOR, is_optional=True),
        ),
        _receipt,
    ),
    Act(
        "give-back",
        _("What was paid too much is given back"),
        _("When a loan is repaid and something is left of an advance."),
        (Question("loan", _("Loan"), Answer.DEED, of="lend", among=_overpaid),),
        _give_back,
    ),
    Act(
        "restructure",
        _("A loan gets a new plan"),
        _("Because the borrower cannot keep the old one; what was agreed stays on record."),
        (_LOAN, *PLAN_QUESTIONS),
        _restructure,
        needs_second=True,
        needs_evidence=True,
    ),
    Act(
        "write-off",
        _("A loan is written off"),
        _("Wholly or in part; it may still be recovered."),
        (_LOAN, _AMOUNT),
        _write_off,
        needs_second=True,
        needs_evidence=True,
    ),
    Act(
        "recover",
        _("Something written off comes back"),
        _("Paid after it was counted as lost."),
        (replace(_LOAN, among=_lost), _AMOUNT),
        _recover,
    ),
    Act(
        "guarantee",
        _("A guarantee is given"),
        _("For a part of a bank's loan; no money moves unless it is called."),
        (
            _DECISION,
            Question("debtor", _("Debtor"), Answer.PERSON, role="claim"),
            Question("lender", _("Bank or landlord"), Answer.TEXT),
            Question("bank_loan", _("The bank's loan, in kronor"), Answer.KRONOR),
            Question("cover_pct", _("Cover, per cent"), Answer.WHOLE),
            Question("until", _("Last day"), Answer.DAY),
        ),
        _guarantee,
        needs_second=True,
        needs_evidence=True,
    ),
    Act(
        "loan-balance",
        _("The bank reports its loan"),
        _("The exposure falls with it."),
        (_GUARANTEE, Question("balance", _("Balance, in kronor"), Answer.KRONOR, least=0)),
        _loan_balance,
        needs_evidence=True,
    ),
    Act(
        "call",
        _("A guarantee is called"),
        _("The bank's demand is looked into and paid; the debtor now owes the fund."),
        (_GUARANTEE, _AMOUNT),
        _call,
        needs_second=True,
        needs_evidence=True,
    ),
    Act(
        "claim-paid",
        _("A debtor pays on a claim"),
        _("What the fund paid for the debtor comes back."),
        (_CLAIM, _AMOUNT),
        _claim_paid,
    ),
    Act(
        "claim-lost",
        _("A claim is lost"),
        _("Counted as a loss of the fund."),
        (_CLAIM, _AMOUNT),
        _claim_lost,
        needs_second=True,
        needs_evidence=True,
    ),
    Act(
        "release",
        _("A guarantee is released"),
        _("The bank gives it back; the fund is free of it."),
        (_GUARANTEE,),
        _release,
        needs_evidence=True,
    ),
)
_SHEETS = (
    Sheet(
        "contributions",
        _("Contributions by rank"),
        _("Rank 1 bears losses first"),
        (
            Column("holder", _("Holder"), Shape.HOLDER),
            Column("role", _("Contribution")),
            Column("rank", _("Rank"), Shape.NUMBER),
            Column("only_for", _("Only for")),
            Column("amount", _("Amount"), Shape.KRONOR, is_summed=True),
        ),
        _contributions,
        for_holders=True,
    ),
    Sheet(
        "loans",
        _("Loans"),
        _("What is left, what is due, and how late"),
        (
            Column("holder", _("Borrower"), Shape.HOLDER),
            Column("number", _("No."), Shape.NUMBER),
            Column("on", _("Paid out"), Shape.DAY),
            Column("principal", _("Loan"), Shape.KRONOR, is_summed=True),
            Column("left", _("Left"), Shape.KRONOR, is_summed=True),
            Column("owed", _("Due and unpaid"), Shape.KRONOR, is_summed=True),
            Column("late", _("Days late"), Shape.NUMBER),
            Column("state", _("State")),
        ),
        _loans,
        for_holders=True,
    ),
    Sheet(
        "guarantees",
        _("Guarantees"),
        _("The exposure is the cover of what the bank has out"),
        (
            Column("holder", _("Debtor"), Shape.HOLDER),
            Column("number", _("No."), Shape.NUMBER),
            Column("lender", _("Lender")),
            Column("bank_loan", _("The bank's loan"), Shape.KRONOR, is_summed=True),
            Column("cover", _("Cover"), Shape.PERCENT),
            Column("balance", _("Reported"), Shape.KRONOR, is_summed=True),
            Column("exposure", _("Exposure"), Shape.KRONOR, is_summed=True),
            Column("until", _("Until"), Shape.DAY),
            Column("state", _("State")),
            Column("claim", _("Claim left"), Shape.KRONOR, is_summed=True),
        ),
        _guarantees,
        for_holders=True,
    ),
    Sheet(
        "funnel",
        _("From enquiry to decision"),
        _("Year by year"),
        (
            Column("year", _("Year")),
            Column("enquiries", _("Enquiries"), Shape.NUMBER, is_summed=True),
            Column("applications", _("Applications"), Shape.NUMBER, is_summed=True),
            Column("granted", _("Applications granted"), Shape.NUMBER, is_summed=True),
            Column("declined", _("Applications declined"), Shape.NUMBER, is_summed=True),
        ),
        _funnel,
    ),
    Sheet(
        "capacity",
        _("What the fund can carry"),
        _("Capital less what is out or promised, and the buffer"),
        (
            Column("what", _("What")),
            Column("kronor", _("Kronor"), Shape.KRONOR),
            Column("figure", _("Figure"), Shape.DECIMAL),
        ),
        _capacity,
    ),
    Sheet(
        "default-rate",
        _("Default rate"),
        _("Of loans as planned when the year began; younger ones count from the next year"),
        (
            Column("window", _("Year from – to")),
            Column("defaulted", _("Defaulted"), Shape.NUMBER),
            Column("sound", _("Sound at the start"), Shape.NUMBER),
            Column("rate", _("Rate"), Shape.PERCENT),
        ),
        _default_rate,
    ),
)
