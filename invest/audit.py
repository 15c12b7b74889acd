"""Checks that promises and book agree. Same shape as `pools.audit`; run by `audit_book`."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from django.apps import apps
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Abs
from django.utils import timezone

from invest.kinds import KINDS
from invest.kinds.schedules import months_after
from invest.models import (
    ActionEvent,
    Distribution,
    Holding,
    Offering,
    Placement,
    Pledge,
    PledgeEvent,
    Repayment,
    Vehicle,
    VoucherCode,
    Worded,
)
from invest.models.standing import stands
from invest.treasury import queries
from invest.vehicles import actions, books
from invest.vouchers import codes
from pools import audit, balances
from pools.audit import Check, Finding
from pools.models import Account, AccountMonth, BankAccount, Movement, Part

State = PledgeEvent.State


def parts_are_placed_at_most_once_over() -> Iterator[Finding]:
    """What a part of a movement became is no more than the part."""
    standing = Part.objects.filter(stands("placements__entry"))
    for part in standing.annotate(placed=Sum("placements__amount_minor")).filter(
        placed__gt=Abs("amount_minor")
    ):
        yield Finding(
            "parts_are_placed_at_most_once_over",
            str(part),
            f"{part.placed} of {part.amount_minor}",
        )


def movements_are_their_parts() -> Iterator[Finding]:
    """A movement's parts sum to it, and its entry moved as much."""
    rows = Movement.objects.annotate(of_parts=Sum("parts__amount_minor"))
    for movement in rows.exclude(of_parts=F("amount_minor")):
        yield Finding("movements_are_their_parts", str(movement), f"parts {movement.of_parts}")
    booked = Movement.objects.filter(entry__isnull=False).annotate(
        booked=Sum("entry__transfers__amount_minor")
    )
    for other in booked.exclude(booked=Abs("amount_minor")):
        yield Finding("movements_are_their_parts", str(other), f"booked {other.booked}")


def what_waits_is_what_unmatched_holds() -> Iterator[Finding]:
    """`unmatched` and the clearing account hold, item by item, what stands on the lists."""
    for account in BankAccount.objects.select_related("account", "unmatched").order_by("pk"):
        waits = sum(row.signed_minor for row in queries.waiting(account))
        held = balances.balance(account.unmatched)
        if waits != held:
            yield Finding("what_waits_is_what_unmatched_holds", str(account), f"{waits} ≠ {held}")
    clearings = Account.objects.filter(code=books.IN_TRANSIT).select_related("ledger")
    for clearing in clearings.order_by("pk"):
        items = sum(row.open_minor for row in queries.in_transit(clearing.ledger))
        if -items != balances.balance(clearing):
            yield Finding(
                "what_waits_is_what_unmatched_holds",
                str(clearing),
                f"{-items} ≠ {balances.balance(clearing)}",
            )


def pledges_are_paid_as_the_book_says() -> Iterator[Finding]:
    """Paid means received in full, part-paid means in part, and nobody else has paid."""
    standing = Placement.objects.payments().standing().order_by()
    received = dict(standing.values_list("call__pledge").annotate(Sum("amount_minor")))
    for pledge in Pledge.objects.with_state().iterator(1000):
        minor, amount = received.get(pledge.pk, 0), pledge.amount_now_minor
        by_state: dict[str, bool] = {
            State.PAID: minor == amount,
            State.CONVERTED: minor == amount,
            State.PART_PAID: 0 < minor < amount,
            State.UNFULFILLED: minor < amount,
        }
        if not by_state.get(pledge.state, minor == 0):
            yield Finding(
                "pledges_are_paid_as_the_book_says",
                str(pledge),
                f"{pledge.state} with {minor} of {amount}",
            )


def registers_are_what_the_book_says() -> Iterator[Finding]:
    """What a vehicle's holders hold together is what its accounts hold, in kronor and in units."""
    for vehicle in Vehicle.objects.select_related("pool", "units_ledger").order_by("slug"):
        held = {row.account_id for row in Holding.objects.filter(vehicle=vehicle)}
        own = [f"{vehicle.slug}:{role.role}" for role in KINDS[vehicle.kind].own_accounts()]
        accounts = Account.objects.filter(pool=vehicle.pool).exclude(
            Q(pk__in=held) | Q(code__in=own)
        )
        strays = sum(1 for minor in balances.balances(accounts).values() if minor)
        units = Account.objects.filter(ledger=vehicle.units_ledger or -1)
        standing = balances.balances(units)
        whose = {account.pk: account for account in units}
        out = sum(minor for pk, minor in standing.items() if whose[pk].sign == 1)
        in_hands = sum(minor for pk, minor in standing.items() if whose[pk].sign == -1)
        strays += sum(
            1
            for pk, minor in standing.items()
            if minor and pk not in held and whose[pk].code not in own
        )
        if strays or out != in_hands:
            yield Finding(
                "registers_are_what_the_book_says",
                vehicle.slug,
                f"{strays} accounts of nobody, {in_hands} of {out} units held",
            )


def registers_agree_on_every_day() -> Iterator[Finding]:
    """At the end of each month, and of each day something was done, register and book are one."""
    for vehicle in Vehicle.objects.select_related(
        "pool__ledger", "units_ledger", "rights_ledger"
    ).order_by("slug"):
        for day in _days_of(vehicle):
            for what in actions.disagreements(vehicle, actions.snapshot(vehicle, day)):
                yield Finding("registers_agree_on_every_day", f"{vehicle.slug} {day}", what)


def _days_of(vehicle: Vehicle) -> list[date]:
    """Ends of months in which its accounts moved, if over, and days of its actions."""
    accounts = Account.objects.filter(holding__vehicle=vehicle)
    months = AccountMonth.objects.filter(account__in=accounts).values_list("month", flat=True)
    done = ActionEvent.objects.filter(action__vehicle=vehicle).values_list("on", flat=True)
    ends = {months_after(month, 1) - timedelta(days=1) for month in months}
    yesterday = timezone.localdate() - timedelta(days=1)
    return sorted({min(end, max([yesterday, *done])) for end in ends} | set(done))


def placements_equal_their_entries() -> Iterator[Finding]:
    """A placement's amount is its entry's."""
    placements: QuerySet[Placement] = Placement.objects.all()
    rows = placements.annotate(booked=Sum("entry__transfers__amount_minor"))
    for row in rows.exclude(booked=F("amount_minor")):
        yield Finding("placements_equal_their_entries", str(row), f"booked {row.booked}")


def caps_count_what_is_promised() -> Iterator[Finding]:
    """An offering's counter equals the open promises."""
    promised: dict[int, int] = defaultdict(int)
    for pledge in Pledge.objects.with_state().iterator(1000):
        if pledge.state in PledgeEvent.OPEN:
            promised[pledge.offering_id] += pledge.amount_now_minor
    for offering in Offering.objects.all():
        if offering.pledged_minor != promised[offering.pk]:
            yield Finding(
                "caps_count_what_is_promised",
                str(offering),
                f"counts {offering.pledged_minor}, promised {promised[offering.pk]}",
            )


def payouts_sum_exactly() -> Iterator[Finding]:
    """The lines of a payout or repayment sum to it."""
    for payout in Distribution.objects.annotate(shared=Sum("lines__amount_minor")).exclude(
        shared=F("total_minor")
    ):
        yield Finding("payouts_sum_exactly", str(payout), f"shared {payout.shared}")
    repayments: QuerySet[Repayment] = Repayment.objects.all()
    for repaid in repayments.annotate(
        principal=Sum("lines__principal_minor"), interest=Sum("lines__interest_minor")
    ).exclude(principal=F("principal_minor"), interest=F("interest_minor")):
        yield Finding(
            "payouts_sum_exactly", str(repaid), f"shared {repaid.principal} {repaid.interest}"
        )


def vouchers_are_what_the_book_says() -> Iterator[Finding]:
    """What is left on the codes is what the book owes, and each code is what its uses left."""
    for vehicle in Vehicle.objects.filter(voucher_codes__isnull=False).distinct().order_by("slug"):
        left = codes.outstanding(vehicle.voucher_codes.all())
        owed = Account.objects.get(
            ledger=vehicle.pool.ledger_id, code=f"{vehicle.slug}:outstanding"
        )
        out = Account.objects.get(ledger=vehicle.rights_ledger_id, code=f"{vehicle.slug}:out")
        told = (100 * left, left)
        booked = (balances.balance(owed), balances.balance(out))
        if told != booked:
            what = f"{left} kr on codes, {booked[0]} öre and {booked[1]} vouchers in the book"
            yield Finding("vouchers_are_what_the_book_says", vehicle.slug, what)
    standing = Sum("uses__worth", filter=stands("uses__entry"), default=0)
    open_ones = VoucherCode.objects.filter(ended_on__isnull=True).annotate(used=standing)
    for voucher in open_ones.exclude(worth=F("left") + F("used")):
        what = f"{voucher.left} left of {voucher.worth}, used {voucher.used}"
        yield Finding("vouchers_are_what_the_book_says", str(voucher), what)


def words_are_those_that_were_written() -> Iterator[Finding]:
    """What lies beside a row is bound by the commitment that the row keeps, where not erased."""
    for model in (model for model in apps.get_models() if issubclass(model, Worded)):
        told = model._default_manager.filter(beside__salt__isnull=False).order_by("pk")
        for row in told.select_related("beside").iterator(1000):
            if row.beside and row.beside.commitment != row.words_commitment:
                yield Finding("words_are_those_that_were_written", f"{model.__name__} {row.pk}", "")


CHECKS: list[Check] = [
    *audit.CHECKS,
    parts_are_placed_at_most_once_over,
    movements_are_their_parts,
    what_waits_is_what_unmatched_holds,
    pledges_are_paid_as_the_book_says,
    placements_equal_their_entries,
    registers_are_what_the_book_says,
    registers_agree_on_every_day,
    caps_count_what_is_promised,
    payouts_sum_exactly,
    vouchers_are_what_the_book_says,
    words_are_those_that_were_written,
]
