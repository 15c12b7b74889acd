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
from invest.treasury.placing import open_on_call
from pools.models import BankAccount
from pools.money import format_minor


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
    """A camt.054 of today that pays every open call exactly, and one stray."""
    account = get_object_or_404(
        BankAccount.objects.select_related("account__ledger__organisation"),
        account__ledger__organisation__slug=slug,
    )
    calls = Call.objects.filter(pledge__offering__vehicle__organisation__slug=slug).select_related(
        "pledge__person"
    )
    lines = [
        {"ocr": call.ocr, "amount": format_minor(minor, scale=2), "name": call.pledge.person}
        for call in calls.order_by("pk")
        if (minor := open_on_call(call)) > 0
    ]
    now = timezone.localtime()
    response = render(
        request,
        "demo/bank.xml",
        {"account": account, "lines": lines, "now": now, "number": f"{now:%Y%m%d%H%M%S}"},
        content_type="application/xml",
    )
    response["Content-Disposition"] = f'attachment; filename="camt054-{slug}-{now:%Y-%m-%d}.xml"'
    return response
