"""Whether an account agrees with the bank, and what would mend it; where the book begins."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from invest.models import Organisation
from invest.treasury import accounts, queries, suggesting
from invest.treasury.agreement import agreement, chain, missing_opening
from invest.treasury.tables import StatementTable
from invest.treasury.views import own
from invest.web.desk import UserRequest, actor, desk, today
from pools.errors import Refused
from pools.models import BankAccount


@never_cache
@require_safe
@desk("bank")
def bank_agrees(request: UserRequest, organisation: Organisation, account: int) -> HttpResponse:
    """The bank's last balance beside the book's, the chain of statements, and what is open."""
    found = own.account(organisation, account)
    rows = chain(found).select_related("file").order_by("-closes_on", "-pk")
    table = StatementTable(rows).asked(request, f"{organisation.slug}-statements")
    return table.file() or _page(request, organisation, found, table)


@never_cache
@require_POST
@desk("bank")
def confirm_opening(request: UserRequest, organisation: Organisation, account: int) -> HttpResponse:
    """Book what stood at the bank before the first statement, once."""
    found = own.account(organisation, account)
    try:
        accounts.confirm_opening(account=found, by=actor(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The opening balance is booked."))
    return redirect("bank_agrees", organisation.slug, found.pk)


def _page(
    request: HttpRequest, organisation: Organisation, account: BankAccount, table: StatementTable
) -> HttpResponse:
    waits = queries.waiting(account)
    expected = suggesting.expected(account.account.ledger, today())
    context = {
        "organisation": organisation,
        "account": account,
        "agreement": agreement(account),
        "opening": missing_opening(account),
        "table": table,
        "files_here": own.kept(row.file for row in table.records),
        "waits": len(waits),
        "waits_in": sum(row.left_minor for row in waits if not row.is_out),
        "waits_out": sum(row.left_minor for row in waits if row.is_out),
        "expected": len(expected),
        "expected_in": sum(row.open_minor for row in expected if not row.is_out),
        "expected_out": -sum(row.open_minor for row in expected if row.is_out),
        "questions": queries.asked(account).count(),
    }
    return render(request, "invest/treasury/agrees.html", context)
