"""What the pages and papers of vouchers show. Of people nothing but a producer's own name."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse

from invest.kinds import KINDS
from invest.kinds.kind import Kind
from invest.links import absolute, typed
from invest.models import Action, ActionEvent, Holding, Vehicle, VoucherCode, VoucherUse
from invest.vehicles import offerings
from invest.vouchers import codes as vouchers_codes
from pools.bank.references import qr_svg

ON_A_SHEET = 8


@dataclass(frozen=True, slots=True)
class FoundVoucher:
    """A voucher at a till: what it is worth, and whether a part of it may be taken."""

    voucher: VoucherCode
    in_part: bool
    is_taken_here: bool


@dataclass(frozen=True, slots=True)
class Till:
    """A producer's till, and the link that makes a phone one."""

    name: str
    link: str

    @property
    def qr(self) -> str:
        """The link as inline SVG."""
        return qr_svg(self.link, title=self.name)


@dataclass(frozen=True, slots=True)
class Batch:
    """Vouchers that an action gave out, and how many of them have lapsed."""

    number: int
    act: str
    count: int
    lapsed: int
    worth_minor: int
    left_minor: int
    valid_until: date

    @property
    def has_paper(self) -> bool:
        """Whether any is left to print."""
        return self.lapsed < self.count


@dataclass(frozen=True)
class CodesPage:
    """The issuer's desk: nothing on it is a code."""

    vehicle: Vehicle
    batches: tuple[Batch, ...]
    tills: tuple[Till, ...]
    uses: QuerySet[VoucherUse]


@dataclass(frozen=True, slots=True)
class Printed:
    """A voucher on paper."""

    voucher: VoucherCode

    @property
    def qr(self) -> str:
        """Leads a till to it."""
        link = f"{absolute(reverse('vouchers'))}?{urlencode({'code': self.voucher.code})}"
        return qr_svg(link, title=self.voucher.spelled)


@dataclass(frozen=True)
class VoucherSheet:
    """A batch to print and cut: what is whole and not ended."""

    vehicle: Vehicle
    kind: Kind
    batch: Action
    vouchers: tuple[Printed, ...]
    address: str

    @property
    def pages(self) -> list[tuple[Printed, ...]]:
        """So many on each sheet."""
        listed = self.vouchers
        return [listed[i : i + ON_A_SHEET] for i in range(0, len(listed), ON_A_SHEET)]


def found_voucher(voucher: VoucherCode, till: Holding | None) -> FoundVoucher:
    """A voucher for who holds it, or stands at a till."""
    terms = offerings.terms_on(voucher.vehicle, voucher.action.on)
    in_part = getattr(terms, "in_part", "no") == "yes"
    return FoundVoucher(
        voucher, in_part, till is not None and till.vehicle_id == voucher.vehicle_id
    )


def codes_page(vehicle: Vehicle) -> CodesPage | None:
    """The desk of a vehicle that gives codes; None for another."""
    acts = {act.name: act for act in KINDS[vehicle.kind].acts()}
    if not any(act.gives_codes for act in acts.values()):
        return None
    rows = (
        VoucherCode.objects.filter(vehicle=vehicle)
        .exclude(action__events__to_state=ActionEvent.State.UNDONE)  # Taken back: never out.
        .order_by("-action__number")
        .values("action__number", "action__act", "valid_until")
        .annotate(n=Count("pk"), lapsed=Count("ended_on"), total=Sum("worth"), open=Sum("left"))
    )
    batches = tuple(
        Batch(
            number=row["action__number"],
            act=str(acts[row["action__act"]].label),
            count=row["n"],
            lapsed=row["lapsed"],
            worth_minor=100 * row["total"],
            left_minor=100 * row["open"],
            valid_until=row["valid_until"],
        )
        for row in rows
    )
    uses = (
        VoucherUse.objects.standing()
        .filter(voucher__vehicle=vehicle)
        .select_related("voucher", "holding__person")
    )
    return CodesPage(vehicle, batches, tuple(_tills(vehicle)), uses)


def _tills(vehicle: Vehicle) -> list[Till]:
    people = {
        held.number: held.person.name
        for held in Holding.objects.filter(vehicle=vehicle, role="owed").select_related("person")
        if held.person is not None
    }
    joined = vehicle.actions.filter(act="join").prefetch_related("events").order_by("number")
    return [
        Till(
            people[action.coded["producer"]],
            absolute(reverse("till", args=[vouchers_codes.till_token(action)])),
        )
        for action in joined
        if action.state == ActionEvent.State.DONE and action.coded["producer"] in people
    ]


def sheet(vehicle: Vehicle, number: str) -> VoucherSheet | None:
    """The vouchers of an action by its number, with their codes; None where there is none."""
    asked = int(number) if number.isdecimal() and len(number) < 9 else 0
    batch = vehicle.actions.filter(number=asked).first()
    if batch is None:
        return None
    codes = batch.voucher_codes.filter(ended_on__isnull=True).order_by("number")
    vouchers = tuple(Printed(voucher) for voucher in codes)
    kind = offerings.terms_on(vehicle, batch.on)
    where = typed(reverse("vouchers"))
    return VoucherSheet(vehicle, kind, batch, vouchers, where) if vouchers else None
