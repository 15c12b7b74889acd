"""The treasurer's bank desk: files in, lines paired with calls, pairings undone."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from invest import access
from invest.models import Match, Organisation
from invest.treasury import matching, queries
from invest.treasury.forms import BankFileForm, MatchForm
from invest.web.desk import UserRequest, actor, desk, today
from pools.bank import intake
from pools.errors import Refused
from pools.models import BankAccount
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
                context |= _take_in(request, account, form.cleaned_data["file"])
            except Refused as refusal:
                form.refuse("file", refusal)
        status = 200 if form.is_valid() else form.status
    context["page"] = queries.bank_page(account, access.bank_lines_for(request.user))
    return render(request, "invest/treasury/bank.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("bank")
def match(request: UserRequest, organisation: Organisation, line: int) -> HttpResponse:
    """Pair one line with a call by hand."""
    account = _account_of(organisation)
    lines = access.bank_lines_for(request.user).filter(statement__bank_account=account)
    found = get_object_or_404(lines, pk=line)
    calls, left = queries.open_calls(account), matching.left_on_line(found)
    suggestions = queries.suggest(found, left, calls)
    form = MatchForm(
        request.POST or None, calls=calls, initial=_first_guess(request, suggestions, left)
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = matching.match_by_hand(
                line=found,
                call=form.calls[form.cleaned_data["call"]],
                amount_minor=ore(form.cleaned_data["amount"]),
                on=max(today(), found.booked_on),
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
        "line": found,
        "left_minor": left,
        "suggestions": suggestions,
        "form": form,
    }
    status = form.status if request.method == "POST" else 200
    return render(request, "invest/treasury/match.html", context, status=status)


@require_POST
@desk("bank")
def unmatch(request: UserRequest, organisation: Organisation, match: int) -> HttpResponse:
    """Undo a pairing by a reversal; the line waits again."""
    lines = access.bank_lines_for(request.user).filter(
        statement__bank_account=_account_of(organisation)
    )
    found = get_object_or_404(Match, pk=match, line__in=lines)
    try:
        matching.unmatch(match=found, on=max(today(), found.entry.booked_on), by=actor(request))
        messages.success(request, _("The pairing is undone. The payment waits again."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("bank", organisation.slug)


def _take_in(
    request: UserRequest, account: BankAccount, file: "UploadedFile[Any]"
) -> dict[str, object]:
    taken = intake.read_and_take_in(
        data=file.read(), file_name=file.name or "", bank_account=account, by=actor(request)
    )
    outcome = matching.match_by_reference(lines=taken.new, on=today(), by=actor(request))
    return {"taken": taken, "outcome": outcome}


def _first_guess(
    request: UserRequest, suggestions: list[queries.Suggestion], left_minor: int
) -> dict[str, object]:
    """Fill in what the treasurer tapped on, or the one reference in the text."""
    tapped = request.GET.get("call", "")
    chosen = [s.open_call for s in suggestions if str(s.open_call.call.pk) == tapped]
    amount = min([left_minor, *(c.left_minor for c in chosen)])
    kronor, rest = divmod(amount, 100)
    return {"call": tapped, "amount": f"{kronor},{rest:02d}"}


def _account_of(organisation: Organisation) -> BankAccount:
    return get_object_or_404(BankAccount, account__ledger__organisation=organisation)
