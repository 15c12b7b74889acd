"""The sheets that every vehicle has: who holds what, and all that moved."""

from collections import defaultdict
from datetime import date
from typing import Protocol

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from invest.kinds.actions import (
    MONEY,
    AccountRole,
    ActionType,
    Change,
    Column,
    Row,
    Shape,
    Sheet,
    Snapshot,
    Text,
)


class Registered(Protocol):
    """What these sheets ask of a kind."""

    @property
    def label(self) -> Text:
        """What the kind is called."""

    @property
    def register_by_law(self) -> bool:
        """Whether law orders a register that names its holders in full."""

    def accounts(self) -> tuple[AccountRole, ...]:
        """The accounts each holder gets."""

    def acts(self) -> tuple[ActionType, ...]:
        """What may be done."""


def register_sheet(kind: Registered) -> Sheet:
    """Who holds what: one row a holder, one column an account."""
    roles = kind.accounts()
    return Sheet(
        name="register",
        label=_("Register"),
        caption=_("In the order they joined"),
        columns=(
            Column("holder", _("Holder"), Shape.HOLDER),
            Column("since", _("Since"), Shape.DAY),
            *(
                Column(
                    role.role,
                    role.label or kind.label,
                    Shape.KRONOR if role.book == MONEY else Shape.NUMBER,
                    is_summed=True,
                )
                for role in roles
            ),
            *by_law(kind),
        ),
        rule=_register,
    )


def _register(kind: Registered, standing: Snapshot) -> list[Row]:
    held = [standing.held(role.role) for role in kind.accounts()]
    since: dict[int, date] = {}
    for change in standing.changes:
        since.setdefault(change.number, change.on)
    rows: list[Row] = []
    for number, on in sorted(since.items()):
        amounts = [role.get(number, 0) for role in held]
        if number and any(amounts):
            rows.append((number, on, *amounts, *(number for _column in by_law(kind))))
    return rows


def by_law(kind: Registered) -> tuple[Column, ...]:
    """Who the holder is in full, where law orders it of the register."""
    return BY_LAW if kind.register_by_law else ()


BY_LAW = (
    Column("identity", _("Identity number"), Shape.IDENTITY),
    Column("address", _("Postal address"), Shape.ADDRESS),
)


def statement_sheet(kind: Registered) -> Sheet:
    """Every movement on the holders' accounts, each with what stood there after it."""
    return Sheet(
        name="statement",
        label=_("Statement"),
        caption=_("Every movement, oldest first"),
        columns=(
            Column("holder", _("Holder"), Shape.HOLDER),
            Column("on", _("Day"), Shape.DAY),
            Column("what", _("What")),
            Column("account", _("Account")),
            Column("kronor", _("Kronor"), Shape.KRONOR),
            Column("units", _("Units"), Shape.NUMBER),
            Column("kronor_after", _("Kronor after"), Shape.KRONOR),
            Column("units_after", _("Units after"), Shape.NUMBER),
        ),
        rule=_statement,
        for_holders=True,
    )


def _statement(kind: Registered, standing: Snapshot) -> list[Row]:
    roles = {role.role: role for role in kind.accounts()}
    after: dict[tuple[int, str], int] = defaultdict(int)
    rows: list[Row] = []
    for change in standing.changes:
        if change.number == 0:
            continue
        after[change.number, change.role] += change.amount
        role, left = roles[change.role], after[change.number, change.role]
        amounts = (
            (change.amount, None, left, None)
            if role.book == MONEY
            else (None, change.amount, None, left)
        )
        rows.append(
            (change.number, change.on, why(kind, change), role.label or kind.label, *amounts)
        )
    return rows


# Entry kinds that every vehicle knows → what a reader is told.
WHY: dict[str, Text] = {
    "pay-in": _("Paid in"),
    "issue": _("Given out"),
    "take-back": _("Taken back"),
    "repayment": _("Repaid"),
    "redeem": _("Voucher taken"),
    "lapse": _("Lapsed"),
}


def why(kind: Registered, change: Change) -> Text:
    """What moved the account, in words."""
    plain = change.why.removesuffix("-reversed")
    acts = {act.name: act.label for act in kind.acts()}
    told = WHY.get(plain) or acts.get(plain) or plain
    return told if plain == change.why else format_lazy("{} ({})", told, _("undone"))
