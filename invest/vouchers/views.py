"""Vouchers: the till on a producer's phone, and the issuer's desk of codes."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from invest import access
from invest.models import Holding, Organisation, VoucherUse
from invest.places.queries.directory import where_taken
from invest.vehicles.registers import vehicles_of
from invest.vouchers import codes as vouchers_codes
from invest.vouchers import queries
from invest.vouchers.forms import CodeForm, RedeemForm
from invest.vouchers.refusals import NoSuchTill
from invest.vouchers.tables import BatchTable, UseTable
from invest.web.desk import UserRequest, actor, desk, row_number, today
from invest.web.fields import RefusingForm
from invest.web.papers import paper
from invest.web.tables import first_file
from invest.web.throttle import throttle
from pools.errors import Refused
from pools.wording import kronor_text

COOKIE = "voucher_till"
A_YEAR = 365 * 24 * 3600
MOST_OF_A_TILL = 120  # Looked up and taken: a customer pays with ten, and the next one waits.


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def vouchers(request: HttpRequest) -> HttpResponse:
    """A code → its worth and last day; at a till also a button that takes it."""
    till, told, refusal = _till(request), None, None
    code = request.POST.get("code") or request.GET.get("code", "")
    form: RefusingForm = CodeForm({"code": code} if code else None)
    redeeming = RedeemForm(request.POST or None, initial={"code": code})
    if code:
        try:
            throttle(request, "vouchers", MOST_OF_A_TILL if till else None)
            if request.method == "POST" and till is not None and redeeming.is_valid():
                return _redeem(request, till, redeeming)
            told = queries.told(vouchers_codes.find(code), till)
            vouchers_codes.refuse_unusable(told.voucher, today())
        except Refused as refused:
            refusal = refused
    context = {
        "till": till,
        "form": form,
        "redeeming": redeeming,
        "told": told,
        "refusal": refusal,
        "code": code,
        "places": where_taken(told.voucher.vehicle.organisation.municipality if told else ""),
    }
    status = refusal.status if refusal else 200
    if till and request.method == "POST" and redeeming.errors:
        status = redeeming.status
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
@require_http_methods(["GET", "HEAD", "POST"])
@desk("registers.keep")
def codes(request: UserRequest, organisation: Organisation, vehicle: str) -> HttpResponse:
    """Batches to print, tills to hand out, and what was taken; a mistake is undone here."""
    found = get_object_or_404(vehicles_of(organisation), slug=vehicle)
    page = queries.codes_page(found)
    if page is None:
        raise Http404
    if request.method == "POST":
        uses = VoucherUse.objects.filter(voucher__vehicle=found).select_related("entry")
        use = get_object_or_404(uses, pk=row_number(request.POST.get("use", "")))
        try:
            vouchers_codes.undo_use(use=use, on=today(), by=actor(request))
            messages.success(request, _("Undone. The voucher is good again."))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("codes", organisation.slug, found.slug)
    if request.GET.get("as") == "pdf":
        sheet = queries.sheet(found, request.GET.get("batch", ""))
        if sheet is None:
            raise Http404
        name = f"{found.slug}-vouchers-{sheet.batch.number}"
        return paper(
            request,
            "invest/vouchers/paper_vouchers.html",
            {"organisation": organisation, "sheet": sheet},
            heads=(),
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
