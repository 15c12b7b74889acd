"""One payment: what the bank told of it, what it might be, each placement, and undoing one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from invest.models import Organisation, Person, Placement
from invest.treasury import answers, placing, queries, suggesting
from invest.treasury.forms import ConfirmForm, HoldForm, PayForm, PlaceForm, SetOffForm
from invest.treasury.queries import OpenCall
from invest.treasury.suggesting import Expected, Suggestion
from invest.treasury.views import own
from invest.web.desk import UserRequest, actor, desk, row_number, today
from invest.web.fields import RefusingForm, typed_amount
from pools.errors import Refused
from pools.models import BankMode, Entry, Ledger, Part
from pools.money import ore, parse_amount
from pools.wording import kronor_text

Kind = Placement.Kind


@dataclass(frozen=True)
class PartPage:
    """A part of a movement as its page tells it; what may fit it is read when it is asked for."""

    organisation: Organisation
    part: Part

    @cached_property
    def left_minor(self) -> int:
        """What has no place yet; nothing of what is not booked."""
        return placing.left_of(self.part) if self.part.movement.entry_id else 0

    @cached_property
    def seen(self) -> int:
        """How many placements there are, also undone ones."""
        return self.part.placements.count()

    @cached_property
    def is_out(self) -> bool:
        """Whether the money left the account."""
        return self.part.amount_minor < 0

    @cached_property
    def mode(self) -> BankMode.Mode:
        """How the account was kept that day."""
        return BankMode.Mode(placing.mode_of(self.part))

    @property
    def ledger(self) -> Ledger:
        """The books."""
        return self.part.movement.bank_account.account.ledger

    @cached_property
    def calls(self) -> list[OpenCall]:
        """What it may pay."""
        return [] if self.is_out else queries.open_calls(self.ledger)

    @cached_property
    def expected(self) -> list[Expected]:
        """What it may confirm: what the book expects the same way."""
        rows = suggesting.expected(self.ledger, today())
        return [row for row in rows if row.is_out is self.is_out]

    @cached_property
    def opposite(self) -> list[Part]:
        """What it may be set off against."""
        return queries.opposite(self.part)

    @cached_property
    def persons(self) -> QuerySet[Person]:
        """Whom it may be held for."""
        return suggesting.persons(self.organisation)

    @cached_property
    def placements(self) -> QuerySet[Placement]:
        """What of it has a place."""
        rows = queries.placed(self.part.movement.bank_account)
        return rows.filter(part=self.part)

    @cached_property
    def suggestions(self) -> list[Suggestion]:
        """Likeliest first."""
        return suggesting.for_part(self.part, self.left_minor, self.calls, self.expected)

    def first_for(self, act: str) -> dict[str, str]:
        """What the likeliest suggestion of an act would type."""
        found = next((each for each in self.suggestions if each.act == act), None)
        return dict(found.typed) if found else {}

    def form(self, act: str, data: QueryDict | None = None) -> RefusingForm:
        """The form of an act, filled in with what is left."""
        made, more = FORMS[act]
        start = {"seen": self.seen, "amount": typed_amount(self.left_minor)}
        if data is None:
            start |= self.first_for(act)
        found: RefusingForm = made(data, initial=start, auto_id=f"id_{act}_%s", **more(self))
        return found

    def fits(self) -> list[str]:
        """The acts that direction, mode and what there is allow."""
        if not self.left_minor:
            return []
        fits = {
            "pay_part": bool(self.calls),
            "hold_part": not self.is_out,
            "confirm_part": bool(self.expected),
            "set_off_part": bool(self.opposite),
            "fee_part": self.is_out and self.mode == BankMode.Mode.CAPITAL,
            "bookkeeper_part": True,
        }
        return [act for act in fits if fits[act]]


FORMS: Mapping[str, tuple[type[RefusingForm], Callable[[PartPage], dict[str, Any]]]] = {
    "pay_part": (PayForm, lambda page: {"calls": page.calls}),
    "hold_part": (HoldForm, lambda page: {"persons": page.persons}),
    "confirm_part": (ConfirmForm, lambda page: {"rows": page.expected}),
    "set_off_part": (SetOffForm, lambda page: {"parts": page.opposite}),
    "fee_part": (PlaceForm, lambda _page: {}),
    "bookkeeper_part": (PlaceForm, lambda _page: {}),
}


# What each act is called on its button, and what it says before.
ACTS: Mapping[str, tuple[Promise, Promise]] = {
    "pay_part": (gettext_lazy("It pays a call"), gettext_lazy("Pay the call")),
    "hold_part": (gettext_lazy("Hold it for somebody"), gettext_lazy("Hold it")),
    "confirm_part": (gettext_lazy("The book expected it"), gettext_lazy("Confirm it")),
    "set_off_part": (gettext_lazy("It answers another payment"), gettext_lazy("Set them off")),
    "fee_part": (gettext_lazy("It is the bank's fee"), gettext_lazy("Book the fee")),
    "bookkeeper_part": (
        gettext_lazy("It is the bookkeeper's"),
        gettext_lazy("Leave it to the bookkeeper"),
    ),
}


@never_cache
@require_safe
@desk("bank")
def bank_part(request: UserRequest, organisation: Organisation, part: int) -> HttpResponse:
    """What the bank told of a payment, and what it may become."""
    return _page(request, PartPage(organisation, own.part(organisation, part)))


@never_cache
@require_POST
@desk("bank")
def pay_part(request: UserRequest, organisation: Organisation, part: int) -> HttpResponse:
    """It paid a call."""

    def place(form: PayForm, **told: Any) -> Placement:
        return placing.pay(call=form.calls[form.cleaned_data["call"]], **told)

    return _placed(request, organisation, part, "pay_part", place)


@never_cache
@require_POST
@desk("bank")
def hold_part(request: UserRequest, organisation: Organisation, part: int) -> HttpResponse:
    """It is held for somebody, or for whoever it turns out to be."""

    def place(form: HoldForm, **told: Any) -> Placement:
        return placing.hold(person=form.cleaned_data["person"], **told)

    return _placed(request, organisation, part, "hold_part", place)


@never_cache
@require_POST
@desk("bank")
def fee_part(request: UserRequest, organisation: Organisation, part: int) -> HttpResponse:
    """It is a fee that the bank took."""

    def place(_form: PlaceForm, **told: Any) -> Placement:
        return placing.book_fee(**told)

    return _placed(request, organisation, part, "fee_part", place)


@never_cache
@require_POST
@desk("bank")
def bookkeeper_part(request: UserRequest, organisation: Organisation, part: int) -> HttpResponse:
    """It is not ours: the bookkeeping program has it."""

    def place(_form: PlaceForm, **told: Any) -> Placement:
        return placing.leave_to_bookkeeper(**told)

    return _placed(request, organisation, part, "bookkeeper_part", place)


@never_cache
@require_POST
@desk("bank")
def confirm_part(request: UserRequest, organisation: Organisation, part: int) -> HttpResponse:
    """It is what the book expected."""

    def place(form: ConfirmForm, **told: Any) -> Placement:
        return placing.confirm(entry=form.entries[form.cleaned_data["entry"]], **told)

    return _placed(request, organisation, part, "confirm_part", place)


@never_cache
@require_POST
@desk("bank")
def set_off_part(request: UserRequest, organisation: Organisation, part: int) -> HttpResponse:
    """It answers a payment the other way."""

    def place(form: SetOffForm, **told: Any) -> list[Placement]:
        kind, against = form.cleaned_data["kind"], form.cleaned_data["against"]
        return placing.set_off(against=form.parts[against], kind=kind, **told)

    return _placed(request, organisation, part, "set_off_part", place)


# Act → the kind of placement it makes, and which column the form's field fills.
_TARGETS = {
    "pay_part": (Kind.PAYMENT, "call", "call_id"),
    "hold_part": (Kind.HELD, "person", "person_id"),
    "confirm_part": (Kind.CONFIRMED, "entry", "confirms_id"),
    "fee_part": (Kind.FEE, "", ""),
    "bookkeeper_part": (Kind.BOOKKEEPER, "", ""),
}


def _wanted(act: str, typed: QueryDict) -> dict[str, object]:
    """What the placement will be, of what was typed, also where it is not offered any more."""
    if act not in _TARGETS:
        against = row_number(typed.get("against", ""))
        return {"kind": typed.get("kind", ""), "against_id": against}
    kind, name, column = _TARGETS[act]
    try:
        wanted: dict[str, object] = {
            "kind": kind,
            "amount_minor": parse_amount(typed.get("amount", ""), scale=2),
        }
    except Refused:
        wanted = {"kind": kind, "amount_minor": 0}
    if column:
        wanted[column] = row_number(typed.get(name, "")) or None
    return wanted


def _placed(
    request: HttpRequest,
    organisation: Organisation,
    part: int,
    act: str,
    place: Callable[..., Placement | list[Placement]],
) -> HttpResponse:
    """Place once what the form says; refused, the page comes again with the sentence."""
    page, wanted = PartPage(organisation, own.part(organisation, part)), _wanted(act, request.POST)
    seen = row_number(request.POST.get("seen", ""))
    if made := answers.made(part=page.part, seen=seen, **wanted):
        return _done(request, organisation, made)
    form = page.form(act, request.POST)
    if not form.is_valid():
        return _page(request, page, act, form)
    told: dict[str, Any] = {"part": page.part, "by": actor(request)}
    if "amount" in form.cleaned_data:
        told["amount_minor"] = ore(form.cleaned_data["amount"])
    try:
        made = answers.once(part=page.part, seen=seen, place=partial(place, form, **told), **wanted)
    except Refused as refusal:
        form.refuse("amount" if "amount" in form.fields else None, refusal)
        return _page(request, PartPage(organisation, page.part), act, form)
    return _done(request, organisation, made)


def _done(request: HttpRequest, organisation: Organisation, made: Placement) -> HttpResponse:
    """Back to what waits; to the rest of the payment where there is a rest."""
    told = {"amount": kronor_text(made.amount_minor), "what": made.get_kind_display()}
    messages.success(request, _("Placed: %(amount)s, %(what)s.") % told)
    if placing.left_of(made.part):
        return redirect("bank_part", organisation.slug, made.part_id)
    return redirect("bank", organisation.slug)


def _page(
    request: HttpRequest, page: PartPage, act: str = "", form: RefusingForm | None = None
) -> HttpResponse:
    acts = [(name, page.form(name)) for name in page.fits()]
    if form is not None:
        acts = [(name, form if name == act else fresh) for name, fresh in acts]
        if act not in dict(acts):
            acts.append((act, form))
    lines = page.part.movement.lines.select_related("statement__file").order_by("pk")
    context = {
        "page": page,
        "organisation": page.organisation,
        "part": page.part,
        "lines": lines,
        "files_here": own.kept(line.statement.file for line in lines),
        "acts": [(name, ACTS[name], each, each is form) for name, each in acts],
        "wrong": form,
    }
    status = form.status if form is not None else 200
    return render(request, "invest/treasury/part.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("bank")
def undo_placement(
    request: UserRequest, organisation: Organisation, placement: int
) -> HttpResponse:
    """Say what would be reversed; asked to, undo it by a reversal, and the payment waits again."""
    mine = Placement.objects.filter(
        part__movement__bank_account__in=own.accounts(organisation)
    ).select_related("part__movement__bank_account", "entry__ledger", "call__pledge", "against")
    found = get_object_or_404(mine, pk=placement)
    is_undone = Entry.objects.filter(reverses=found.entry_id).exists()
    if request.method == "POST":
        if is_undone:
            messages.info(request, _("It is undone already. Nothing was changed."))
            return redirect("bank", organisation.slug)
        try:
            placing.undo(placement=found, by=actor(request))
        except Refused as refusal:
            return _asked_to_undo(request, organisation, found, answers.Undoing(refusal=refusal))
        messages.success(request, _("It is undone. The payment waits again."))
        return redirect("bank_part", organisation.slug, found.part_id)
    undoing = answers.Undoing()
    if not is_undone:
        undoing = answers.preview_undo(placement=found, by=actor(request))
    return _asked_to_undo(request, organisation, found, undoing, is_undone=is_undone)


def _asked_to_undo(
    request: HttpRequest,
    organisation: Organisation,
    found: Placement,
    undoing: answers.Undoing,
    *,
    is_undone: bool = False,
) -> HttpResponse:
    person = found.call.pledge.person if found.call else found.person
    context = {
        "organisation": organisation,
        "placement": found,
        "who": suggesting.name_of(person) if found.call or found.person else "",
        "confirmed": suggesting.in_words(found.confirms) if found.confirms else "",
        "undoing": undoing,
        "is_undone": is_undone,
    }
    status = undoing.refusal.status if undoing.refusal and request.method == "POST" else 200
    return render(request, "invest/treasury/undo.html", context, status=status)
