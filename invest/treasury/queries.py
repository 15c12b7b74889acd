"""What the treasurer sees: bank lines that wait, and what might fit them."""

from dataclasses import dataclass

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from invest.models import Call, Match, PledgeEvent
from invest.models.standing import stands
from pools.bank.references import find_ocrs
from pools.models import BankAccount, BankLine, BankStatement
from pools.money import format_minor
from pools.wording import kronor_text

_STANDING = stands("matches__entry")


@dataclass(frozen=True)
class OpenCall:
    """A call that waits for money, and what is left of it, in öre."""

    call: Call
    left_minor: int


@dataclass(frozen=True)
class Suggestion:
    """A call that might be what a line paid, and why we think so. Never paired by itself."""

    open_call: OpenCall
    why: str


@dataclass(frozen=True)
class WaitingLine:
    """A bank line with something left to pair, in öre."""

    line: BankLine
    left_minor: int
    suggestions: tuple[Suggestion, ...]

    @property
    def amount_text(self) -> str:
        """What is left, as somebody would type it."""
        return f"{format_minor(self.left_minor, scale=2)} {kronor_text(self.left_minor)}"


@dataclass(frozen=True)
class BankPage:
    """An organisation's bank desk."""

    bank_account: BankAccount
    waiting: tuple[WaitingLine, ...]
    matched: QuerySet[Match]
    statements: QuerySet[BankStatement]


def bank_page(bank_account: BankAccount, lines: QuerySet[BankLine]) -> BankPage:
    """The desk of one account; `lines` are those the user may see."""
    own = lines.filter(statement__bank_account=bank_account)
    matches = Match.objects.standing().filter(line__in=own)
    return BankPage(
        bank_account=bank_account,
        waiting=tuple(waiting(own, open_calls(bank_account))),
        matched=matches.select_related("line", "call__pledge__person", "entry").order_by("-pk"),
        statements=bank_account.statements.order_by("-imported_at", "-pk"),
    )


def waiting(lines: QuerySet[BankLine], calls: list[OpenCall]) -> list[WaitingLine]:
    """Lines in with something left to pair, oldest first, with suggestions."""
    rows = (
        lines.filter(amount_minor__gt=0)
        .annotate(
            left=F("amount_minor") - Coalesce(Sum("matches__amount_minor", filter=_STANDING), 0)
        )
        .filter(left__gt=0)
        .order_by("booked_on", "pk")
    )
    return [WaitingLine(line, line.left, tuple(suggest(line, line.left, calls))) for line in rows]


def suggest(line: BankLine, left_minor: int, calls: list[OpenCall]) -> list[Suggestion]:
    """Calls whose reference stands in the text, then those with just this amount; at most five."""
    named = {line.ocr, *find_ocrs(line.message)}
    by_text = [Suggestion(c, _("its reference")) for c in calls if c.call.ocr in named]
    by_amount = [
        Suggestion(c, _("same amount"))
        for c in calls
        if c.left_minor == left_minor and c.call.ocr not in named
    ]
    return (by_text + by_amount)[:5]


def open_calls(bank_account: BankAccount) -> list[OpenCall]:
    """Calls of the account's books that wait for money, by due day."""
    payable = PledgeEvent.objects.newest().filter(to_state__in=PledgeEvent.PAYABLE)
    rows = (
        Call.objects.filter(
            pledge__offering__vehicle__pool__ledger=bank_account.account.ledger_id,
            pledge__in=payable.values("pledge"),
        )
        .with_left()
        .select_related("pledge__person", "pledge__offering__vehicle")
        .filter(left__gt=0)
        .order_by("due_on", "pk")
    )
    return [OpenCall(call, call.left) for call in rows]
