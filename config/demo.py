"""The demo's door: be somebody of the valley with one tap, and fetch a bank file to import.

These addresses exist only where settings.DEMO is True, and `config/checks.py` refuses to start a
demo that others can reach.
"""

from allauth.account.models import EmailAddress
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from invest.models import Call, Organisation, User
from invest.treasury.agreement import book_minor
from invest.treasury.placing import open_on_call
from invest.vehicles.books import asked_to_pay
from pools.models import BankAccount
from pools.money import format_minor

STRAY = 75_000  # Öre that nobody can place by machine.


@require_http_methods(["GET", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    """The cast, and a button for each. Only a POST logs in."""
    cast = User.objects.filter(email__endswith="@bjorkdalen.example").order_by("pk")
    if request.method == "POST":
        user = get_object_or_404(cast, email=request.POST.get("email", ""))
        EmailAddress.objects.get_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )
        login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return redirect("me")
    people = cast.select_related("person").prefetch_related("roles__organisation")
    organisations = Organisation.objects.filter(ledger__isnull=False)
    return render(request, "demo/door.html", {"people": people, "organisations": organisations})


@require_safe
def bank_file(request: HttpRequest, slug: str) -> HttpResponse:
    """A camt.053 of today that pays every open call exactly, and one stray.

    It opens with what the book has, and is of the account that calls ask to be paid to.
    """
    organisation = get_object_or_404(Organisation, slug=slug, ledger__isnull=False)
    account = get_object_or_404(
        BankAccount, pk__in=[row.pk for row in asked_to_pay([organisation.ledger_id]).values()]
    )
    calls = Call.objects.filter(pledge__offering__vehicle__organisation=organisation)
    paid = [
        (call.ocr, minor, call.pledge.person)
        for call in calls.select_related("pledge__person").order_by("pk")
        if (minor := open_on_call(call)) > 0
    ]
    opening = book_minor(account, None)
    now = timezone.localtime()
    response = render(
        request,
        "demo/bank.xml",
        {
            "account": account,
            "lines": [
                {"ocr": ocr, "amount": format_minor(minor, scale=2), "name": name}
                for ocr, minor, name in paid
            ],
            "stray": format_minor(STRAY, scale=2),
            "balances": [
                ("OPBD", *_told(opening)),
                ("CLBD", *_told(opening + STRAY + sum(minor for _ocr, minor, _name in paid))),
            ],
            "now": now,
            "number": f"{now:%Y%m%d%H%M%S%f}",
        },
        content_type="application/xml",
    )
    response["Content-Disposition"] = f'attachment; filename="camt053-{slug}-{now:%Y-%m-%d}.xml"'
    return response


def _told(balance_minor: int) -> tuple[str, str]:
    """A balance as a bank tells it: the amount above zero, and its side."""
    side = "CRDT" if balance_minor >= 0 else "DBIT"
    return format_minor(abs(balance_minor), scale=2), side
