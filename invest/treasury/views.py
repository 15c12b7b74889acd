"""The treasurer's bank desk: files in, lines paired with calls, pairings undone."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from invest.models import Organisation, Placement
from invest.treasury import importing, placing, queries
from invest.treasury.forms import BankFileForm, PayForm
from invest.treasury.tables import FileTable, PlacedTable, WaitingTable
from invest.web.desk import UserRequest, actor, desk
from invest.web.tables import DeskTable, first_file
from pools.errors import Refused
from pools.models import BankAccount, Part
from pools.money import ore
from pools.wording import kronor_text


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("bank")
def bank(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Import a file, and see what waits to be paired."""
    account = _account_of(organisation)
    form = BankFileForm(request.POST or None, request.FILES or None)
    context, status = {"organisation": organisation, "form": form}, 200
    if request.method == "POST":
        if form.is_valid():
            try:
                context["imported"] = _take_in(request, organisation, form.cleaned_data["file"])
            except Refused as refusal:
                form.refuse("file", refusal)
        status = 200 if form.is_valid() else form.status
    name = f"{organisation.slug}-bank"
    waiting = queries.waiting(account, queries.open_calls(account))
    lists: dict[str, DeskTable] = {
        "waiting": WaitingTable(waiting).asked(request, f"{name}-waiting"),
        "placed": PlacedTable(queries.placed(account), prefix="placed-").asked(
            request, f"{name}-placed"
        ),
        "files": FileTable(queries.files(account), prefix="files-").asked(request, f"{name}-files"),
    }
    if file := first_file(*lists.values()):
        return file
    context |= {"account": account, **lists}
    return render(request, "invest/treasury/bank.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("bank")
def place(request: UserRequest, organisation: Organisation, part: int) -> HttpResponse:
    """Say what one payment became."""
    account = _account_of(organisation)
    found = _part(organisation, part)
    calls, left = queries.open_calls(account), placing.left_of(found)
    suggestions = queries.suggest(found, left, calls)
    form = PayForm(
        request.POST or None, calls=calls, initial=_first_guess(request, suggestions, left)
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = placing.pay(
                part=found,
                call=form.calls[form.cleaned_data["call"]],
                amount_minor=ore(form.cleaned_data["amount"]),
                by=actor(request),
            )
        except Refused as refusal:
            form.refuse("amount", refusal)
        else:
            said = _("Paired: %(amount)s.") % {"amount": kronor_text(made.amount_minor)}
            messages.success(request, said)
            return redirect("bank", organisation.slug)
    context = {
        "organisation": organisation,
        "part": found,
        "left_minor": left,
        "suggestions": suggestions,
        "form": form,
    }
    status = form.status if request.method == "POST" else 200
    return render(request, "invest/treasury/place.html", context, status=status)


@require_POST
@desk("bank")
def undo(request: UserRequest, organisation: Organisation, placement: int) -> HttpResponse:
    """Undo a placement by a reversal; the payment waits again."""
    own = Placement.objects.filter(part__movement__bank_account__in=_accounts(organisation))
    found = get_object_or_404(own, pk=placement)
    try:
        placing.undo(placement=found, by=actor(request))
        messages.success(request, _("The pairing is undone. The payment waits again."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("bank", organisation.slug)


def _take_in(
    request: UserRequest, organisation: Organisation, file: "UploadedFile[Any]"
) -> importing.Imported:
    return importing.import_file(
        data=file.read(),
        file_name=file.name or "",
        organisation=organisation,
        by=actor(request),
    )


def _first_guess(
    request: UserRequest, suggestions: list[queries.Suggestion], left_minor: int
) -> dict[str, object]:
    """Fill in what the treasurer tapped on, or the one reference in the text."""
    tapped = request.GET.get("call", "")
    chosen = [s.open_call for s in suggestions if str(s.open_call.call.pk) == tapped]
    amount = min([left_minor, *(c.left_minor for c in chosen)])
    kronor, rest = divmod(amount, 100)
    return {"call": tapped, "amount": f"{kronor},{rest:02d}"}


def _accounts(organisation: Organisation) -> list[BankAccount]:
    return list(importing.accounts_of(organisation))


def _account_of(organisation: Organisation) -> BankAccount:
    accounts = _accounts(organisation)
    if not accounts:
        raise Http404
    return accounts[0]


def _part(organisation: Organisation, pk: int) -> Part:
    own = Part.objects.filter(movement__bank_account__in=_accounts(organisation))
    return get_object_or_404(own.select_related("movement__bank_account"), pk=pk)
