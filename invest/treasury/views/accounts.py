"""The organisation's bank accounts: proposed by one at the bank desk, agreed by another."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from stdnum import iban as ibans

from invest import access
from invest.models import BankAccountChange, Organisation
from invest.treasury import accounts
from invest.treasury.forms import AccountForm, KeyForm
from invest.treasury.views import own
from invest.vehicles import books
from invest.web.desk import UserRequest, desk, today
from pools.errors import Refused
from pools.models import BankAccount, BankMode

Kind = BankAccountChange.Kind
LABELS = {
    name: field.label
    for name, field in AccountForm.base_fields.items()
    if name in accounts.Told.__dataclass_fields__
}


@never_cache
@require_safe
@desk("bank.approve")
def bank_accounts(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Every account, and what waits for a second person."""
    return _page(request, organisation)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("bank")
def open_account(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Propose another account."""
    start = {"payee": organisation.name, "since": today(), "mode": BankMode.Mode.CAPITAL}
    form = AccountForm(request.POST or None, initial=start)
    own.accounts(organisation)
    return _proposed(request, organisation, Kind.OPEN, None, form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("bank")
def change_account(request: UserRequest, organisation: Organisation, account: int) -> HttpResponse:
    """Propose that an account be another way."""
    found = own.account(organisation, account)
    told = accounts.told_of(found, today())
    start = {name: getattr(told, name) for name in told.__dataclass_fields__}
    form = AccountForm(request.POST or None, initial=start)
    return _proposed(request, organisation, Kind.CHANGE, found, form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("bank")
def end_account(request: UserRequest, organisation: Organisation, account: int) -> HttpResponse:
    """Propose that an account end."""
    found = own.account(organisation, account)
    return _proposed(request, organisation, Kind.END, found, KeyForm(request.POST or None))


@never_cache
@require_POST
@desk("bank.approve")
def agree_account(request: UserRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """The second person agrees."""

    def do(change: BankAccountChange) -> None:
        accounts.agree(change=change, by=request.user, on=today())

    return _decided(request, organisation, pk, do, _("Done. It is so from today."))


@never_cache
@require_POST
@desk("bank.approve")
def refuse_account(request: UserRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """The second person says no."""

    def do(change: BankAccountChange) -> None:
        accounts.refuse(change=change, by=request.user)

    return _decided(request, organisation, pk, do, _("Refused. Nothing was changed."))


@never_cache
@require_POST
@desk("bank")
def take_back_account(request: UserRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """Whoever proposed it takes it back."""

    def do(change: BankAccountChange) -> None:
        accounts.take_back(change=change, by=request.user)

    return _decided(request, organisation, pk, do, _("Taken back. Nothing was changed."))


def _proposed(
    request: UserRequest,
    organisation: Organisation,
    kind: str,
    account: BankAccount | None,
    form: AccountForm | KeyForm,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            accounts.propose(
                organisation=organisation,
                kind=kind,
                account=account,
                told=form.told() if isinstance(form, AccountForm) else None,
                by=request.user,
                key=form.cleaned_data["key"],
            )
        except Refused as refusal:
            form.refuse(None, refusal)
        else:
            messages.success(request, _("Proposed. Another person must agree before it counts."))
            return redirect("bank_accounts", organisation.slug)
    context = {"organisation": organisation, "account": account, "form": form, "kind": kind}
    status = form.status if request.method == "POST" else 200
    return render(request, "invest/treasury/account.html", context, status=status)


def _decided(
    request: UserRequest,
    organisation: Organisation,
    pk: int,
    do: Callable[[BankAccountChange], None],
    said: str,
) -> HttpResponse:
    change = get_object_or_404(organisation.bank_account_changes, pk=pk)
    try:
        do(change)
    except Refused as refusal:
        return _page(request, organisation, refusal)
    messages.success(request, said)
    return redirect("bank_accounts", organisation.slug)


def _page(
    request: HttpRequest, organisation: Organisation, refusal: Refused | None = None
) -> HttpResponse:
    rows = own.accounts(organisation)
    asked = books.asked_to_pay([organisation.ledger_id])
    changes = organisation.bank_account_changes.select_related(
        "bank_account", "proposed_by", "decided_by"
    ).order_by("-pk")
    may_propose = access.may(request.user, organisation, "bank")
    context: dict[str, Any] = {
        "organisation": organisation,
        "rows": [
            (row, BankMode.Mode(books.mode_on(row, today())).label, row in asked.values())
            for row in rows
        ],
        "waiting": [_told(row) for row in changes if row.state == row.State.PROPOSED],
        "decided": [_told(row) for row in changes if row.state != row.State.PROPOSED][:20],
        "may_propose": may_propose,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "invest/treasury/accounts.html", context, status=status)


def _told(change: BankAccountChange) -> tuple[BankAccountChange, list[tuple[str, str, str]]]:
    """A change, and by name each value as it is now and as it shall be, where they differ."""
    if change.kind == Kind.END:
        return change, []
    shall = accounts.Told(**change.values)
    is_waiting = change.state == change.State.PROPOSED
    now = None
    if change.bank_account is not None and is_waiting:
        now = accounts.told_of(change.bank_account, today())
    rows = [
        (
            str(label),
            _text(name, getattr(now, name)) if now else "",
            _text(name, getattr(shall, name)),
        )
        for name, label in LABELS.items()
    ]
    return change, [row for row in rows if row[1] != row[2]]


def _text(name: str, value: Any) -> str:
    if name == "mode":
        return str(BankMode.Mode(value).label)
    if name == "asks_here":
        return _("yes") if value else ""
    if name == "iban":
        return str(ibans.format(value))
    return date_format(date.fromisoformat(value)) if name == "since" else str(value)
