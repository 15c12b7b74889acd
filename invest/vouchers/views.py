"""Vouchers: the till on a producer's phone, and the issuer's desk of codes."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from invest import access
from invest.models import Holding, Organisation, VoucherUse
from invest.places.queries.directory import where_taken
from invest.vehicles.registers import vehicles_of
from invest.vouchers import codes as vouchers_codes
from invest.vouchers import queries
from invest.vouchers.forms import CodeForm, RedeemForm
from invest.vouchers.refusals import NoSuchTill
from invest.vouchers.tables import BatchTable, UseTable
from invest.web.desk import UserRequest, actor, desk, today
from invest.web.papers import paper
from invest.web.tables import first_file
from invest.web.throttle import throttle
from pools.errors import Refused
from pools.wording import kronor_text

COOKIE = "voucher_till"
A_YEAR = 365 * 24 * 3600
MOST_OF_A_TILL = 120  # Looked up and taken: a customer pays with ten, and the next one waits.


@never_cache
@require_safe
def vouchers(request: HttpRequest) -> HttpResponse:
    """A code → its worth and last day; at a till also a button that takes it."""
    code = request.GET.get("code", "")
    try:
        _slow_down(request, code)
    except Refused as refusal:
        return _voucher_page(request, code, refusal=refusal)
    return _voucher_page(request, code)


@never_cache
@require_POST
def redeem(request: HttpRequest) -> HttpResponse:
    """Take a voucher, or a part of it; without a till it is only looked up."""
    till, form, code = _till(request), RedeemForm(request.POST), request.POST.get("code", "")
    try:
        _slow_down(request, code)
        if till is not None and form.is_valid():
            return _redeem(request, till, form)
    except Refused as refusal:
        return _voucher_page(request, code, form, refusal)
    return _voucher_page(request, code, form)


def _slow_down(request: HttpRequest, code: str) -> None:
    if code:
        throttle(request, "vouchers", MOST_OF_A_TILL if _till(request) else None)


def _voucher_page(
    request: HttpRequest,
    code: str,
    typed: RedeemForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    """What the code is worth, unless it is refused; at a till with what was typed there."""
    till, told = _till(request), None
    if code and refusal is None:
        try:
            told = queries.found_voucher(vouchers_codes.find(code), till)
            vouchers_codes.refuse_unusable(told.voucher, today())
        except Refused as refused:
            refusal = refused
    context = {
        "here": reverse("vouchers"),
        "till": till,
        "form": CodeForm({"code": code} if code else None),
        "redeeming": typed or RedeemForm(initial={"code": code}),
        "told": told,
        "refusal": refusal,
        "places": where_taken(told.voucher.vehicle.organisation.municipality if told else ""),
    }
    status = refusal.status if refusal else 200
    if till and typed and typed.errors:
        status = typed.status
    return render(request, "invest/vouchers/vouchers.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def till(request: HttpRequest, token: str) -> HttpResponse:
    """A phone becomes a producer's till, once somebody says so."""
    try:
        held = vouchers_codes.till(token)
    except NoSuchTill as refusal:
        context: dict[str, object] = {"refusal": refusal}
        return render(request, "invest/vouchers/till.html", context, status=refusal.status)
    if request.method == "POST":
        answer = redirect("vouchers")
        answer.set_cookie(
            COOKIE,
            token,
            max_age=A_YEAR,
            httponly=True,
            secure=request.is_secure(),
            samesite="Lax",
        )
        return answer
    return render(request, "invest/vouchers/till.html", {"till": held})


@never_cache
@require_safe
@desk("registers.keep")
def codes(request: UserRequest, organisation: Organisation, vehicle: str) -> HttpResponse:
    """Batches to print, tills to hand out, and what was taken; a mistake is undone here."""
    found = get_object_or_404(vehicles_of(organisation), slug=vehicle)
    page = queries.codes_page(found)
    if page is None:
        raise Http404
    if request.GET.get("as") == "pdf":
        sheet = queries.sheet(found, request.GET.get("batch", ""))
        if sheet is None:
            raise Http404
        name = f"{found.slug}-vouchers-{sheet.batch.number}"
        return paper(
            request,
            "invest/vouchers/paper_vouchers.html",
            {"organisation": organisation, "sheet": sheet},
            ledgers=(),
            name=name,
            rows=len(sheet.vouchers),
        )
    batches = BatchTable(page.batches, prefix="batches-").asked(request, f"{found.slug}-batches")
    uses = UseTable(page.uses, prefix="uses-").asked(request, f"{found.slug}-uses")
    if file := first_file(batches, uses):
        return file
    context = {
        "organisation": organisation,
        "page": page,
        "batches": batches,
        "uses": uses,
        "may_act": access.may(request.user, organisation, "actions.do"),
    }
    return render(request, "invest/vouchers/codes.html", context)


@never_cache
@require_POST
@desk("registers.keep")
def undo_use(
    request: UserRequest, organisation: Organisation, vehicle: str, pk: int
) -> HttpResponse:
    """Put back on a voucher what was taken by mistake."""
    found = get_object_or_404(vehicles_of(organisation), slug=vehicle)
    uses = VoucherUse.objects.filter(voucher__vehicle=found).select_related("entry")
    use = get_object_or_404(uses, pk=pk)
    try:
        vouchers_codes.undo_use(use=use, on=today(), by=actor(request))
        messages.success(request, _("Undone. The voucher is good again."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("codes", organisation.slug, found.slug)


def _redeem(request: HttpRequest, till: Holding, form: RedeemForm) -> HttpResponse:
    use = vouchers_codes.redeem(
        voucher=vouchers_codes.find(form.cleaned_data["code"]),
        till=till,
        worth=form.cleaned_data["worth"],
        on=today(),
        by=f"till:{till.pk}",
        key=form.cleaned_data["key"],
    )
    use.voucher.refresh_from_db()
    told = {"taken": kronor_text(100 * use.worth), "left": kronor_text(100 * use.voucher.left)}
    messages.success(request, _("Taken: %(taken)s. Left on the voucher: %(left)s.") % told)
    return redirect("vouchers")


def _till(request: HttpRequest) -> Holding | None:
    token = request.COOKIES.get(COOKIE, "")
    try:
        return vouchers_codes.till(token) if token else None
    except NoSuchTill:
        return None
