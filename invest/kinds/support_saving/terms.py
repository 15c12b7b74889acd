"""Stödspar: savers' own deposits at a member bank earn savings points that carry a project's loan.

A point is one krona saved for one month, times a factor; a loan uses one point for each krona owed
for one month. All points are whole; kronor are whole minor units. Rules: the points system of JAK
Medlemsbank (its price lists and members' handbook; factors differ by era and account).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Self

from django.utils.translation import gettext_lazy as _

from invest.kinds.actions import (
    UNITS,
    Act,
    Agreement,
    Answer,
    At,
    Column,
    Posting,
    Question,
    Row,
    Shape,
    Sheet,
    Standing,
    Text,
)
from invest.kinds.kind import AccountRole, Kind, chosen, exact, text
from invest.kinds.refusals import (
    AlreadyRecorded,
    BadTerms,
    NoAccount,
    NotEnough,
    NothingNew,
    NothingOwed,
    TooMuch,
)
from invest.kinds.schedules import Due, Loan, months_after, plan
from pools.money import MOST_MINOR, half_up, kronor
from pools.wording import kronor_text, number_text

MOST_MONTHS = 600


@dataclass(frozen=True, slots=True)
class CarriedLoan:
    """A loan that savings points carry: straight amortisation over `months`.

    `factor` is how many points a krona saved for a month gives. Raises BadTerms.
    """

    principal_minor: int
    months: int
    factor: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        """Refuse terms that contradict themselves."""
        if not 1 <= self.principal_minor <= MOST_MINOR:
            raise BadTerms(field="principal", reason=_("a loan is an amount above zero"))
        if not 1 <= self.months <= MOST_MONTHS:
            raise BadTerms(field="months", reason=_("from 1 to %(n)s months") % {"n": MOST_MONTHS})
        if not 0 < self.factor <= 10:
            raise BadTerms(field="factor", reason=_("a factor is above 0, and 10 at most"))

    @property
    def points_used(self) -> int:
        """U = L·(n+1)/2: the sum of what is owed at the start of each month."""
        return half_up(Fraction(self.principal_minor, 100) * (self.months + 1) / 2)

    def after_saving_minor(self, points: int) -> int:
        """What the borrower must save each month beside the amortisation, in öre, half up.

        s = max(0, (U − P) / (f·n·(n+1)/2)); without any points s = L/n.
        """
        missing = max(0, self.points_used - points)
        return half_up(
            Fraction(100 * missing) / (self.factor * self.months * (self.months + 1) / 2)
        )

    def balance_to_carry_minor(self) -> int:
        """The balance that alone carries the loan if it stays all the time: U/(f·n), in öre."""
        return half_up(Fraction(100 * self.points_used) / (self.factor * self.months))

    def coverage(self, points: int) -> Fraction:
        """C = points there are and will be ÷ points used; 1 carries the loan."""
        return Fraction(points, self.points_used)

    def carried_by(self, balance_minor: int, months_before: int) -> int:
        """Points of a balance kept so many months before the loan and all through it."""
        return points_earned([balance_minor] * (months_before + self.months), self.factor)


def points_earned(balances_minor: Sequence[int], factor: Fraction = Fraction(1)) -> int:
    """P = f·Σ B: one balance for each whole month, in öre; whole points, half up once, on the sum.

    Raises BadTerms for a balance below zero.
    """
    if balances_minor and min(balances_minor) < 0:
        raise BadTerms(field="balance", reason=_("no number may be below zero"))
    return half_up(Fraction(sum(balances_minor), 100) * factor)


def points_by_days(balances_minor: Sequence[int], factor: Fraction = Fraction(1)) -> int:
    """P = f·Σ B·12/365: one balance for each day, in öre; for terms that count by the day."""
    if balances_minor and min(balances_minor) < 0:
        raise BadTerms(field="balance", reason=_("no number may be below zero"))
    return half_up(Fraction(sum(balances_minor), 100) * factor * 12 / 365)


def months_to_release(missing_points: int, after_saving_minor: int) -> Fraction:
    """Months after the last payment until the after-saving is free: missing ÷ saved kronor."""
    if after_saving_minor < 1:
        raise BadTerms(reason=_("nothing is saved afterwards"))
    return Fraction(max(0, missing_points) * 100, after_saving_minor)


@dataclass(frozen=True)
class SupportSaving(Kind):
    """Savers keep their own money at a member bank; its points go to a project or to a pool.

    `factor` is the account's own number of points for a krona and a month; 0: what the bank's terms
    of the day say (the dated setting `jak-terms`). A pool is shared out by `criteria`.
    """

    kind: ClassVar[str] = "support-saving"
    label: ClassVar[Text] = _("Support savings")
    instrument: ClassVar[Text] = _("support savings account")
    explanation: ClassVar[Text] = _(
        "You save on an account of your own at the bank. The money stays yours; the savings "
        "points that it earns go to the project, and carry its loan at the bank."
    )
    risk: ClassVar[Text] = _(
        "The money is on your own account under the state deposit guarantee, and earns no "
        "interest. The bank, not you, bears the risk of the loan. Binding times follow the "
        "bank's price list."
    )
    money_role: ClassVar[str] = ""
    weight_role: ClassVar[str] = "points"
    units_role: ClassVar[str] = "points"
    unit: ClassVar[str] = "POINT"
    units_on_payment: ClassVar[bool] = False

    bank: str
    counts_by: str
    factor: Decimal = Decimal(0)
    criteria: str = ""

    @classmethod
    def accounts(cls) -> tuple[AccountRole, ...]:
        """Points a saver has earned and not yet given."""
        return (
            AccountRole("points", "liability", "", UNITS, floored=True, label=_("Points kept")),
        )

    @classmethod
    def own_accounts(cls) -> tuple[AccountRole, ...]:
        """Where points come from, those free to use, those a loan has used, those given on."""
        return (
            AccountRole("issued", "asset", "", UNITS),
            AccountRole("free", "liability", "", UNITS, floored=True),
            AccountRole("used", "liability", "", UNITS, floored=True),
            AccountRole("assigned", "liability", "", UNITS, floored=True),
        )

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """Read stored terms."""
        return cls(
            bank=text(raw, "bank", 80),
            counts_by=chosen(raw, "counts_by", ("month", "day")),
            factor=exact({"factor": "0", **raw}, "factor", 10),
            criteria=text(raw, "criteria"),
        )

    @classmethod
    def questions(cls) -> tuple[Question, ...]:
        """Bank, how points are counted, and what a pool is for."""
        return (
            Question("bank", _("Bank"), Answer.TEXT, initial="JAK Medlemsbank"),
            Question(
                "counts_by",
                _("Points are counted by"),
                Answer.CHOICE,
                choices=(("month", _("whole months")), ("day", _("days"))),
            ),
            Question(
                "factor",
                _("Points for a krona a month"),
                Answer.DECIMAL,
                help=_("As the account's price list says. 0: as the bank's terms of the day."),
                initial="0",
            ),
            Question(
                "criteria",
                _("A pool: whom it may be given to"),
                Answer.TEXT,
                help=_("Empty where all points go to one project."),
                is_optional=True,
            ),
        )

    def units_for(self, amount_minor: int) -> int:
        """Points come with time, not with the promise."""
        return 0

    def schedule(self, principal_minor: int, start: date) -> list[Due]:
        """Nothing is repaid to the savers: the money never left them."""
        return []

    def suggestions(self) -> tuple[int, ...]:
        """1 000, 5 000, 10 000 and 25 000 kr."""
        return (100_000, 500_000, 1_000_000, 2_500_000)

    def describe(self) -> list[tuple[Text, Text]]:
        """Bank, factor, and the pool's criteria."""
        return [
            (_("Bank"), self.bank),
            (
                _("Points for a krona a month"),
                f"{self.factor}".replace(".", ",") if self.factor else _("by the bank's terms"),
            ),
            (_("Counted by"), _("whole months") if self.counts_by == "month" else _("days")),
            *([(_("Given to"), self.criteria)] if self.criteria else []),
        ]

    @classmethod
    def acts(cls) -> tuple[Act, ...]:
        """Accounts and what stands on them, points, the loan, and a pool's decisions."""
        return _ACTS

    @classmethod
    def register(cls) -> Sheet:
        """Who saves, and what was last seen on the account."""
        return _REGISTER

    @classmethod
    def sheets(cls) -> tuple[Sheet, ...]:
        """What was seen, points, coverage, and a pool's decisions."""
        return _SHEETS

    def tell(self, standing: Standing) -> list[tuple[Text, Text]]:
        """Savings, points and how far they carry the loan."""
        carried = coverage(standing)
        saving = {who: minor for who, minor in balances_on(standing).items() if minor}
        return [
            (_("Saved at the bank"), kronor_text(sum(saving.values()))),
            (_("Support savers"), number_text(len(saving))),
            (_("Points earned"), number_text(earned(standing))),
            (_("Points free"), number_text(standing.own("free"))),
            *([(_("Loan carried"), f"{int(100 * carried.projected)} %")] if carried else []),
        ]

    def agreements(self, standing: Standing) -> list[Agreement]:
        """Points given by others and counted for each saver are those on the accounts."""
        given = sum(done.facts["points"] for done in standing.of("donate"))
        counted = sum(booked(standing, who) for who in savers(standing))
        assigned = sum(row[-1] for row in _applications(self, standing))
        assigned += sum(done.facts["points"] for done in standing.of("reassign"))
        return [
            Agreement(_("points earned"), given + counted, standing.own("issued")),
            Agreement(_("points given on"), assigned, standing.own("assigned")),
        ]

    def publish(self, standing: Standing) -> list[tuple[Text, Text]]:
        """The same: sums of savings, and of nobody in particular."""
        return self.tell(standing)


Facts = Mapping[str, Any]


# --- What stood on the accounts ---


def seen(now: Standing, holder: int) -> list[tuple[date, int]]:
    """(day, öre) each time the balance of a saver changed as far as is known, oldest first."""
    steps: list[tuple[date, int]] = []
    for deed in now.of("observe", "withdraw", "close"):
        if deed.facts["holder"] == holder:
            last = steps[-1][1] if steps else 0
            now_minor = {
                "observe": deed.facts.get("balance"),
                "withdraw": last - (deed.facts.get("amount") or 0),
                "close": 0,
            }[deed.act]
            steps.append((deed.on, now_minor or 0))
    return steps


def savers(now: Standing) -> list[int]:
    """Holders with an account, in the order it was opened."""
    return [deed.facts["holder"] for deed in now.of("open")]


def balances_on(now: Standing, on: date | None = None) -> dict[int, int]:
    """Saver → öre on the account as last seen by a day."""
    on = on or now.as_of
    last = {}
    for holder in savers(now):
        known = [minor for day, minor in seen(now, holder) if day <= on]
        last[holder] = known[-1] if known else 0
    return last


def _least_in_month(steps: list[tuple[date, int]], first: date) -> int:
    """What stayed the whole month: points accrue only while the money does."""
    last = months_after(first, 1) - timedelta(days=1)
    before = [minor for day, minor in steps if day <= first]
    within = [minor for day, minor in steps if first < day <= last]
    return min([before[-1] if before else 0, *within])


def _by_days(steps: list[tuple[date, int]], first: date) -> Fraction:
    """The month's share of kronor·months by days: Σ B·12/365, in öre."""
    total, day = 0, first
    following = months_after(first, 1)
    while day < following:
        total += next((minor for on, minor in reversed(steps) if on <= day), 0)
        day += timedelta(days=1)
    return Fraction(total * 12, 365)


def factor_on(now: Standing, month: date) -> Fraction:
    """Points for a krona and a month: the account's own, else the bank's terms of the day."""
    kind = now.kind_on(month)
    own = kind.factor if isinstance(kind, SupportSaving) else Decimal(0)
    return Fraction(own) or Fraction(str((now.setting("jak-terms", month) or {}).get("factor", 1)))


def points_of_month(now: Standing, holder: int, month: date) -> Fraction:
    """Exact points of one saver for the month that begins on a day."""
    steps, kind = seen(now, holder), now.kind_on(month)
    by_day = isinstance(kind, SupportSaving) and kind.counts_by == "day"
    minor = _by_days(steps, month) if by_day else Fraction(_least_in_month(steps, month))
    return factor_on(now, month) * minor / 100


def _months(now: Standing, until: date) -> list[date]:
    """First days of the whole months from the first thing seen until a day."""
    if not now.of("observe"):
        return []
    month = min(deed.on for deed in now.of("observe")).replace(day=1)
    months = []
    while months_after(month, 1) - timedelta(days=1) <= until:
        months.append(month)
        month = months_after(month, 1)
    return months


def earned(now: Standing) -> int:
    """All points that savings have earned and others have given, as booked."""
    return now.own("issued")


# --- Rules ---


def _open(kind: SupportSaving, facts: Facts, now: Standing) -> list[Posting]:
    if facts["holder"] in savers(now):
        raise AlreadyRecorded(what=_("the account of this saver"))
    return []


def _observe(kind: SupportSaving, facts: Facts, now: Standing) -> list[Posting]:
    if facts["holder"] not in savers(now):
        raise NoAccount
    return []


def _withdraw(kind: SupportSaving, facts: Facts, now: Standing) -> list[Posting]:
    if facts["amount"] > (saved := balances_on(now).get(facts["holder"], 0)):
        raise TooMuch(left=kronor(saved))
    return []


def _earn(kind: SupportSaving, facts: Facts, now: Standing) -> list[Posting]:
    """Points of all whole months so far, less what is booked; each saver rounded once, in all."""
    months = _months(now, now.as_of)
    postings = []
    for holder in savers(now):
        exact_points = sum((points_of_month(now, holder, m) for m in months), Fraction(0))
        new = half_up(exact_points) - booked(now, holder)
        if new > 0:
            postings += _given(holder, new)
    if not postings:
        raise NothingNew
    return postings


def booked(now: Standing, holder: int) -> int:
    """Points that a saver's own savings have been booked to earn."""
    counts = {done.number for done in now.of("points")}
    moved = (c for c in now.changes if c.number == holder and c.role == "points")
    return sum(c.amount for c in moved if c.deed in counts and c.amount > 0)


def _given(holder: int, points: int) -> list[Posting]:
    """Earned by the saver, and in the same breath the project's."""
    return [
        Posting(At("issued"), At("points", holder), points, UNITS),
        Posting(At("points", holder), At("free"), points, UNITS),
    ]


def _donate(kind: SupportSaving, facts: Facts, now: Standing) -> list[Posting]:
    return _given(facts["holder"], facts["points"])


def _loan(kind: SupportSaving, facts: Facts, now: Standing) -> list[Posting]:
    if now.of("loan"):
        raise AlreadyRecorded(what=_("the loan"))
    CarriedLoan(facts["principal"], facts["months"])
    return []


def owed_each_month(now: Standing) -> list[tuple[date, int]]:
    """(first day, öre owed at its start) for every month of the loan; empty before there is one."""
    loans = now.of("loan")
    if not loans:
        return []
    told = loans[-1]
    loan = Loan(told.facts["principal"], Decimal(0), told.facts["months"], told.on)
    left = told.facts["principal"]
    rows = []
    for due in plan("straight", loan):
        rows.append((months_after(told.on, due.period - 1), left))
        left = due.balance_minor
    return rows


def _use(kind: SupportSaving, facts: Facts, now: Standing) -> list[Posting]:
    """What the loan uses for the months begun so far, less what is booked. Never below zero."""
    begun = sum(minor for first, minor in owed_each_month(now) if first <= now.as_of)
    wanted = half_up(Fraction(begun, 100)) - now.own("used")
    if wanted < 1:
        raise NothingOwed
    free = now.own("free")
    if wanted > free:
        raise NotEnough(left=number_text(free), wanted=number_text(wanted))
    return [Posting(At("free"), At("used"), wanted, UNITS)]


def _undecided(now: Standing) -> set[int]:
    decided = {done.facts["application"] for done in now.of("decide")}
    return {asked.number for asked in now.of("apply")} - decided


def _reassign(kind: SupportSaving, facts: Facts, now: Standing) -> list[Posting]:
    """What a project that came to nothing has not used is given to another by its holders."""
    if facts["points"] > (free := now.own("free")):
        raise NotEnough(left=number_text(free), wanted=number_text(facts["points"]))
    return [Posting(At("free"), At("assigned"), facts["points"], UNITS)]


def _decide(kind: SupportSaving, facts: Facts, now: Standing) -> list[Posting]:
    """Points of a pool to an applicant who meets the criteria."""
    asked = now.deed(facts["application"])
    if any(d.facts["application"] == asked.number for d in now.of("decide")):
        raise AlreadyRecorded(what=_("the decision"))
    if facts["says"] == "no":
        return []
    points = facts["points"] or asked.facts["points"]
    if asked.facts["meets"] != "yes":
        raise BadTerms(reason=_("the applicant does not meet the criteria"))
    if points > (free := now.own("free")):
        raise NotEnough(left=number_text(free), wanted=number_text(points))
    return [Posting(At("free"), At("assigned"), points, UNITS)]


_HOLDER = Question("holder", _("Saver"), Answer.HOLDER, role="points")
_YES_NO = (("yes", _("yes")), ("no", _("no")))
_ACTS = (
    Act(
        "open",
        _("A saver opens an account"),
        _("The saver has told the bank whom the points go to; note how we know."),
        (
            Question("holder", _("Saver"), Answer.PERSON, role="points"),
            Question("account", _("Last digits of the account"), Answer.TEXT, is_optional=True),
        ),
        _open,
    ),
    Act(
        "observe",
        _("What stands on an account"),
        _("As the saver or the bank shows it on a day. It is the saver's own money."),
        (_HOLDER, Question("balance", _("Balance, in kronor"), Answer.KRONOR, least=0)),
        _observe,
        needs_evidence=True,
    ),
    Act(
        "withdraw",
        _("A saver withdraws"),
        _("Stops the points from then on; points already given stay with the project."),
        (
            _HOLDER,
            Question("amount", _("Withdrawn, in kronor"), Answer.KRONOR),
            Question("told_on", _("Notice given on"), Answer.DAY, is_optional=True),
        ),
        _withdraw,
    ),
    Act(
        "close",
        _("A saver ends the account"),
        _("Nothing is saved any more; points already given stay with the project."),
        (_HOLDER,),
        _observe,
    ),
    Act(
        "points",
        _("Count the points"),
        _("For every whole month so far that is not counted yet, by the terms of each month."),
        (),
        _earn,
    ),
    Act(
        "donate",
        _("Points given by others"),
        _("A member of the bank gives points of their own to the project."),
        (
            Question("holder", _("Who gives"), Answer.PERSON, role="points"),
            Question("points", _("Points"), Answer.WHOLE),
        ),
        _donate,
        needs_evidence=True,
    ),
    Act(
        "loan",
        _("The loan is paid out"),
        _("The day the bank paid the loan that the points carry: straight amortisation."),
        (
            Question("principal", _("Loan, in kronor"), Answer.KRONOR),
            Question("months", _("Months to pay it back"), Answer.WHOLE),
        ),
        _loan,
        needs_evidence=True,
    ),
    Act(
        "use",
        _("The loan uses points"),
        _("For every month begun so far: one point for each krona owed at its start."),
        (),
        _use,
    ),
    Act(
        "apply",
        _("Somebody applies for points"),
        _("For a pool: who asks, for what, and whether the criteria are met."),
        (
            Question("what", _("Who, and for what"), Answer.TEXT),
            Question("points", _("Points asked for"), Answer.WHOLE),
            Question("meets", _("Meets the criteria"), Answer.CHOICE, choices=_YES_NO),
        ),
    ),
    Act(
        "decide",
        _("Decide on an application"),
        _("The committee says yes or no; granted points leave the pool."),
        (
            Question("application", _("Application"), Answer.DEED, of="apply", among=_undecided),
            Question("says", _("Granted"), Answer.CHOICE, choices=_YES_NO),
            Question("points", _("Points, if fewer than asked"), Answer.WHOLE, is_optional=True),
        ),
        _decide,
        needs_second=True,
        needs_evidence=True,
    ),
    Act(
        "reassign",
        _("Points are given to another project"),
        _("Where the project came to nothing: those who gave the points decide who gets the rest."),
        (
            Question("what", _("Whom they are given to"), Answer.TEXT),
            Question("points", _("Points"), Answer.WHOLE),
        ),
        _reassign,
        needs_second=True,
        needs_evidence=True,
    ),
)


# --- What can be read ---


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far points carry a loan, now and if what is saved stays all through it."""

    points_used: int
    there: int
    to_come: int
    now: Fraction
    projected: Fraction
    after_saving_now_minor: int
    after_saving_minor: int


def coverage(now: Standing) -> Coverage | None:
    """None before there is a loan. Points there are those free and those the loan has used."""
    loans = now.of("loan")
    if not loans:
        return None
    told = loans[-1]
    factor = factor_on(now, now.as_of)
    loan = CarriedLoan(told.facts["principal"], told.facts["months"], factor)
    there = now.own("free") + now.own("used")
    left = sum(1 for first, _owed in owed_each_month(now) if first > now.as_of)
    saved = sum(balances_on(now).values())
    to_come = points_earned([saved] * left, factor)
    return Coverage(
        points_used=loan.points_used,
        there=there,
        to_come=to_come,
        now=loan.coverage(there),
        projected=loan.coverage(there + to_come),
        after_saving_now_minor=loan.after_saving_minor(there),
        after_saving_minor=loan.after_saving_minor(there + to_come),
    )


STALE_DAYS = 90


def _register(kind: SupportSaving, now: Standing) -> list[Row]:
    rows = []
    for opened in now.of("open"):
        steps = [step for step in seen(now, opened.facts["holder"]) if step[0] <= now.as_of]
        on, minor = steps[-1] if steps else (None, 0)
        stale = on is None or (now.as_of - on).days > STALE_DAYS
        holder = opened.facts["holder"]
        rows.append((holder, opened.on, minor, on, _("old") if stale else "", booked(now, holder)))
    return rows


def _observations(kind: SupportSaving, now: Standing) -> list[Row]:
    labels = {act.name: act.label for act in _ACTS}
    rows = []
    for deed in now.of("observe", "withdraw", "close"):
        holder = deed.facts["holder"]
        minor = next(m for day, m in reversed(seen(now, holder)) if day <= deed.on)
        rows.append((holder, deed.on, labels[deed.act], minor, deed.evidence))
    return rows


def _points(kind: SupportSaving, now: Standing) -> list[Row]:
    """Month by month what was saved by all, and what it gives, exactly."""
    rows, total = [], Fraction(0)
    for month in _months(now, now.as_of):
        of_month = sum((points_of_month(now, who, month) for who in savers(now)), Fraction(0))
        total += of_month
        factor = factor_on(now, month)
        saved = int(100 * of_month / factor)
        rows.append((month.strftime("%Y-%m"), saved, factor, half_up(of_month), half_up(total)))
    return rows


def _by_saver(kind: SupportSaving, now: Standing) -> list[Row]:
    years: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
    for month in _months(now, now.as_of):
        for holder in savers(now):
            years[holder, month.year] += points_of_month(now, holder, month)
    return [
        (holder, str(year), half_up(points)) for (holder, year), points in sorted(years.items())
    ]


def _covers(kind: SupportSaving, now: Standing) -> list[Row]:
    told = coverage(now)
    if told is None:
        return []
    return [
        (_("Points the loan uses in all"), told.points_used, None),
        (_("Points there are, used ones included"), told.there, None),
        (_("Points to come, if what is saved stays"), told.to_come, None),
        (_("Carried now, per cent"), int(100 * told.now), None),
        (_("Carried in the end, per cent"), int(100 * told.projected), None),
        (_("After-saving a month, if no more points come"), None, told.after_saving_now_minor),
        (_("After-saving a month, if what is saved stays"), None, told.after_saving_minor),
    ]


def _applications(kind: SupportSaving, now: Standing) -> list[Row]:
    decided = {d.facts["application"]: d for d in now.of("decide")}
    rows = []
    for asked in now.of("apply"):
        answer = decided.get(asked.number)
        says = dict(_YES_NO)[answer.facts["says"]] if answer else _("not yet")
        granted = 0
        if answer and answer.facts["says"] == "yes":
            granted = answer.facts["points"] or asked.facts["points"]
        meets = dict(_YES_NO)[asked.facts["meets"]]
        rows.append((asked.facts["what"], asked.on, asked.facts["points"], meets, says, granted))
    return rows


_REGISTER = Sheet(
    "register",
    _("Register"),
    _("The savers' own money at the bank, as last seen: never counted as raised"),
    (
        Column("holder", _("Saver"), Shape.HOLDER),
        Column("since", _("Since"), Shape.DAY),
        Column("balance", _("Saved"), Shape.KRONOR, is_summed=True),
        Column("seen_on", _("Seen on"), Shape.DAY),
        Column("stale", _("Remark")),
        Column("points", _("Points given"), Shape.NUMBER, is_summed=True),
    ),
    _register,
)
_SHEETS = (
    Sheet(
        "observations",
        _("What was seen"),
        _("Balances with the paper that shows them"),
        (
            Column("holder", _("Saver"), Shape.HOLDER),
            Column("on", _("Day"), Shape.DAY),
            Column("what", _("What")),
            Column("balance", _("Balance"), Shape.KRONOR),
            Column("evidence", _("Rests on")),
        ),
        _observations,
        for_holders=True,
    ),
    Sheet(
        "points",
        _("Points by month"),
        _("Kronor that stayed the whole month, times the factor of the month"),
        (
            Column("month", _("Month")),
            Column("saved", _("Saved"), Shape.KRONOR),
            Column("factor", _("Factor"), Shape.DECIMAL),
            Column("points", _("Points"), Shape.NUMBER),
            Column("total", _("In all"), Shape.NUMBER),
        ),
        _points,
    ),
    Sheet(
        "points-by-saver",
        _("Points by saver"),
        _("Each saver's points, year by year"),
        (
            Column("holder", _("Saver"), Shape.HOLDER),
            Column("year", _("Year")),
            Column("points", _("Points"), Shape.NUMBER, is_summed=True),
        ),
        _by_saver,
        for_holders=True,
    ),
    Sheet(
        "coverage",
        _("How far the points carry the loan"),
        _("One point for each krona owed at the start of each month"),
        (
            Column("what", _("What")),
            Column("points", _("Number"), Shape.NUMBER),
            Column("kronor", _("Kronor"), Shape.KRONOR),
        ),
        _covers,
    ),
    Sheet(
        "applications",
        _("Applications to the pool"),
        _("Who asked, and what was decided"),
        (
            Column("what", _("Who, and for what")),
            Column("on", _("Day"), Shape.DAY),
            Column("asked", _("Points asked for"), Shape.NUMBER),
            Column("meets", _("Meets the criteria")),
            Column("granted", _("Granted")),
            Column("points", _("Points"), Shape.NUMBER, is_summed=True),
        ),
        _applications,
    ),
)
