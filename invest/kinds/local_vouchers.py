"""Presentkort och bygdecheckar: sold or given out, good for goods at those who take them.

Each has a code and is a krona a unit in a ledger of its own. Until it is used or its last day has
passed it is the issuer's debt (BAS 2421); used, the debt is to the producer who took it. The codes
are rows beside the book (`invest/voucher_codes.py`); the audit holds their sum against it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from invest.kinds import vouchers
from invest.kinds.actions import (
    RIGHTS,
    AccountRole,
    ActionType,
    Agreement,
    Answer,
    At,
    Column,
    Facts,
    Posting,
    Question,
    Row,
    Shape,
    Sheet,
    Snapshot,
    Text,
)
from invest.kinds.kind import Kind, chosen, whole
from invest.kinds.refusals import BadTerms, NotEnough, NothingOwed, WholeUnits
from invest.kinds.schedules import Due, months_after
from pools.money import kronor
from pools.wording import kronor_text, number_text

MOST_WORTH, MOST_MONTHS, MOST_IN_A_BATCH = 10_000, 120, 1_000
_DEBT = At("outstanding")
_LAPSE = (
    ("income", _("is the issuer's income")),
    ("fund", _("goes to the local fund")),
)


@dataclass(frozen=True)
class LocalVouchers(Kind):
    """A voucher is worth `worth` kronor, for `months` from the day it is given out."""

    kind: ClassVar[str] = "local-vouchers"
    label: ClassVar[Text] = _("Local vouchers")
    instrument: ClassVar[Text] = _("voucher")
    explanation: ClassVar[Text] = _(
        "A voucher buys goods and services of local producers who take it, until its last day."
    )
    risk: ClassVar[Text] = _(
        "A voucher buys goods and is never changed back into money, so it is no deposit, has no "
        "deposit guarantee and gives no interest. Its last day is printed on it: after that day it "
        "buys nothing. (Without one the law's ten years would count, preskriptionslagen 1981:130.) "
        "If the issuer fails, it can be worth nothing."
    )
    asks: ClassVar[Text] = _("How many vouchers do you want?")
    says_yes: ClassVar[Text] = _("I want them")
    money_role: ClassVar[str] = "prepaid"
    weight_role: ClassVar[str] = "prepaid"
    right: ClassVar[str] = vouchers.UNIT
    is_raised: ClassVar[bool] = False
    sets_goals: ClassVar[bool] = True
    for_goods: ClassVar[bool] = True

    worth: int
    months: int
    in_part: str
    lapses_to: str
    most: int

    @classmethod
    def accounts(cls) -> tuple[AccountRole, ...]:
        """Paid for vouchers not given out yet (BAS 2420); owed to a producer (BAS 2890)."""
        return (
            AccountRole("prepaid", "liability", "2420", floored=True, label=_("Paid for vouchers")),
            AccountRole(
                "owed", "liability", "2890", floored=True, label=_("Owed for vouchers taken")
            ),
        )

    @classmethod
    def own_accounts(cls) -> tuple[AccountRole, ...]:
        """The debt (BAS 2421), the fund (BAS 2071), and the vouchers themselves."""
        return (
            AccountRole("outstanding", "liability", "2421", floored=True),
            AccountRole("fund", "equity", "2071"),
            AccountRole("out", "liability", "", RIGHTS, floored=True),
            *vouchers.OWN_ACCOUNTS,
        )

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """Read stored terms."""
        return cls(
            worth=whole(raw, "worth", 1, MOST_WORTH),
            months=whole(raw, "months", 1, MOST_MONTHS),
            in_part=chosen(raw, "in_part", ("yes", "no")),
            lapses_to=chosen(raw, "lapses_to", dict(_LAPSE)),
            most=whole(raw, "most", 1, 1_000_000),
        )

    @classmethod
    def questions(cls) -> tuple[Question, ...]:
        """Worth, time, how it is used, and what becomes of one that nobody used."""
        return (
            Question("worth", _("Worth of one, in whole kronor"), Answer.WHOLE, initial="100"),
            Question(
                "months",
                _("Good for so many months"),
                Answer.WHOLE,
                help=_("The last day stands on each voucher."),
                initial="24",
            ),
            Question(
                "in_part",
                _("May it be used a part at a time?"),
                Answer.CHOICE,
                choices=(("yes", _("yes, in whole kronor")), ("no", _("no, all at once"))),
            ),
            Question(
                "lapses_to",
                _("What is not used by the last day"),
                Answer.CHOICE,
                choices=_LAPSE,
            ),
            Question("most", _("Most that are sold"), Answer.WHOLE),
        )

    def describe(self) -> list[tuple[Text, Text]]:
        """Worth, time, use and lapse."""
        months = ngettext("%(n)d month", "%(n)d months", self.months) % {"n": self.months}
        part = _("yes, in whole kronor") if self.in_part == "yes" else _("no, all at once")
        return [
            (_("Worth"), kronor_text(100 * self.worth)),
            (_("Good for"), months),
            (_("Used a part at a time"), part),
            (_("What is not used by the last day"), dict(_LAPSE)[self.lapses_to]),
        ]

    @property
    def one_minor(self) -> int:
        """A number of vouchers is asked for."""
        return 100 * self.worth

    def units_text(self, number: int) -> str:
        """So many vouchers."""
        told = ngettext("%(n)s local voucher", "%(n)s local vouchers", number)
        return told % {"n": number_text(number)}

    def units_for(self, amount_minor: int) -> int:
        """Whole vouchers only."""
        number, rest = divmod(amount_minor, self.one_minor)
        if rest:
            raise WholeUnits(unit=_("A voucher"), price=kronor(self.one_minor))
        return number

    def schedule(self, principal_minor: int, start: date) -> list[Due]:
        """Nothing is repaid by plan."""
        return []

    def suggestions(self) -> tuple[int, ...]:
        """One, two, five or ten."""
        return tuple(number * self.one_minor for number in (1, 2, 5, 10))

    def goals_minor(self) -> tuple[int, int]:
        """One, and the most that are sold."""
        return self.one_minor, self.most * self.one_minor

    def until(self, facts: Mapping[str, Any], on: date) -> date:
        """The last day of vouchers given out on a day. Raises BadTerms."""
        last: date = facts["until"] or months_after(on, self.months)
        if last <= on:
            raise BadTerms(field="until", reason=_("it ends before it begins"))
        return last

    @classmethod
    def acts(cls) -> tuple[ActionType, ...]:
        """Selling and giving, tills, and settling with the producers."""
        return _ACTS

    @classmethod
    def sheets(cls) -> tuple[Sheet, ...]:
        """The debt month by month, and what each producer is owed."""
        return _SHEETS

    def key_figures(self, standing: Snapshot) -> list[tuple[Text, Text]]:
        """The debt in vouchers, to producers and to those who have paid and got none yet."""
        return [
            (_("Vouchers not used: the issuer's debt"), kronor_text(standing.own("outstanding"))),
            (_("Owed to producers"), kronor_text(standing.all_held("owed"))),
            (_("Paid, not given out yet"), kronor_text(standing.all_held("prepaid"))),
            (_("Lapsed to the fund"), kronor_text(standing.own("fund"))),
        ]

    def publish(self, standing: Snapshot) -> list[tuple[Text, Text]]:
        """The debt, for everybody to see."""
        return [
            (_("Vouchers not used: the issuer's debt"), kronor_text(standing.own("outstanding")))
        ]

    def agreements(self, standing: Snapshot) -> list[Agreement]:
        """A voucher out is a krona owed; one taken is a krona owed to who took it, or paid."""
        taken = sum(standing.moved("owed", "redeem").values())
        gone = -sum(standing.moved("outstanding", "redeem").values())
        return [
            Agreement(_("vouchers out"), 100 * standing.own("out"), standing.own("outstanding")),
            Agreement(_("vouchers taken"), gone, taken),
        ]


# --- Rules ---


def _out(kind: LocalVouchers, facts: Facts, now: Snapshot, payer: At) -> list[Posting]:
    kind.until(facts, now.as_of)
    if facts["number"] > MOST_IN_A_BATCH:
        most = number_text(MOST_IN_A_BATCH)
        raise BadTerms(field="number", reason=_("at most %(most)s at a time") % {"most": most})
    worth = facts["number"] * kind.worth
    return [
        Posting(payer, _DEBT, 100 * worth),
        Posting(At("printed"), At("out"), worth, RIGHTS),
    ]


def _sell(kind: LocalVouchers, facts: Facts, now: Snapshot) -> list[Posting]:
    paid = now.held_by("prepaid", facts["holder"]) // kind.one_minor
    if facts["number"] > paid:
        left, wanted = kind.units_text(paid), kind.units_text(facts["number"])
        raise NotEnough(left=left, wanted=wanted)
    return _out(kind, facts, now, At("prepaid", facts["holder"]))


def _give(kind: LocalVouchers, facts: Facts, now: Snapshot) -> list[Posting]:
    return _out(kind, facts, now, At("expenses:running"))


def _all_paid(role: str) -> Any:
    """The rule that pays all that stands on the holders' accounts of a role."""

    def rule(kind: LocalVouchers, facts: Facts, now: Snapshot) -> list[Posting]:
        owed = {who: minor for who, minor in now.held(role).items() if minor}
        if not owed:
            raise NothingOwed
        return [Posting(At(role, who), At("bank"), minor) for who, minor in owed.items()]

    return rule


# --- What can be read ---


def _liability(kind: LocalVouchers, now: Snapshot) -> list[Row]:
    """Month by month: given out, used, lapsed, and what was owed at its end."""
    months: dict[str, dict[str, int]] = {}
    for change in now.changes:
        if change.role == "outstanding":
            month = months.setdefault(f"{change.on:%Y-%m}", {"redeem": 0, "lapse": 0, "out": 0})
            why = change.why.removesuffix("-reversed")
            month[why if why in month else "out"] += change.amount
    rows: list[Row] = []
    owed = 0
    for name, moved in sorted(months.items()):
        owed += sum(moved.values())
        rows.append((name, moved["out"], -moved["redeem"], -moved["lapse"], owed))
    return rows


def _producers(kind: LocalVouchers, now: Snapshot) -> list[Row]:
    taken, paid = now.moved("owed", "redeem"), now.moved("owed", "settle")
    return [
        (who, taken.get(who, 0), -paid.get(who, 0), left) for who, left in now.held("owed").items()
    ]


_NUMBER = Question("number", _("Number of vouchers"), Answer.WHOLE)
_UNTIL = Question(
    "until",
    _("Last day"),
    Answer.DAY,
    help=_("Empty: so many months on as the terms say."),
    is_optional=True,
)
_ACTS = (
    ActionType(
        "sell",
        _("A buyer gets vouchers"),
        _("For what was paid in. The codes are made, and can be printed."),
        (Question("holder", _("Buyer"), Answer.HOLDER, role="prepaid"), _NUMBER, _UNTIL),
        _sell,
        gives_codes=True,
    ),
    ActionType(
        "give",
        _("Vouchers are given away"),
        _("As a prize, a thank-you or a welcome, at the issuer's cost."),
        (_NUMBER, _UNTIL),
        _give,
        needs_second=True,
        needs_evidence=True,
        gives_codes=True,
    ),
    ActionType(
        "join",
        _("A producer takes vouchers"),
        _("The producer gets a till: a link that makes a phone able to redeem."),
        (Question("producer", _("Producer"), Answer.PERSON, role="owed"),),
    ),
    ActionType(
        "settle",
        _("The producers are paid"),
        _("All that is owed for vouchers taken, to each."),
        (),
        _all_paid("owed"),
    ),
    ActionType(
        "refund",
        _("What was paid and not given out is paid back"),
        _("To every buyer who paid and got no vouchers for it."),
        (),
        _all_paid("prepaid"),
    ),
)
_SHEETS = (
    Sheet(
        "liability",
        _("The debt in vouchers"),
        _("Month by month, and what was owed at the end of each"),
        (
            Column("month", _("Month")),
            Column("out", _("Given out"), Shape.KRONOR, is_summed=True),
            Column("used", _("Used"), Shape.KRONOR, is_summed=True),
            Column("lapsed", _("Lapsed"), Shape.KRONOR, is_summed=True),
            Column("owed", _("Owed at the end"), Shape.KRONOR),
        ),
        _liability,
    ),
    Sheet(
        "producers",
        _("Producers"),
        _("What each has taken in vouchers, been paid, and is owed"),
        (
            Column("holder", _("Producer"), Shape.HOLDER),
            Column("taken", _("Taken"), Shape.KRONOR, is_summed=True),
            Column("paid", _("Paid"), Shape.KRONOR, is_summed=True),
            Column("owed", _("Owed"), Shape.KRONOR, is_summed=True),
        ),
        _producers,
        for_holders=True,
    ),
)
