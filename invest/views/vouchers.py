"""Vouchers: the till on a producer's phone, and the issuer's desk of codes."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from invest import access, voucher_codes
from invest.forms import CodeForm, RedeemForm
from invest.forms.fields import RefusingForm
from invest.models import Holding, Organisation, VoucherUse
from invest.queries import vouchers as queries
from invest.queries.producers import where_taken
from invest.queries.vehicles import ACT_KINDS, vehicles_of
from invest.views.gate import UserRequest, actor, desk, row_number, today
from invest.views.pace import keep_pace
from invest.views.papers import paper
from pools.errors import NoSuchTill, Refused
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
            keep_pace(request, "vouchers", MOST_OF_A_TILL if till else None)
            if request.method == "POST" and till is not None and redeeming.is_valid():
                return _redeem(request, till, redeeming)
            told = queries.told(voucher_codes.find(code), till)
            voucher_codes.refuse_unusable(told.voucher, today())
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
    return render(request, "invest/vouchers.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def till(request: HttpRequest, token: str) -> HttpResponse:
    """A phone becomes a producer's till, once somebody says so."""
    try:
        held = voucher_codes.till(token)
    except NoSuchTill as refusal:
        context: dict[str, object] = {"refusal": refusal}
        return render(request, "invest/till.html", context, status=refusal.status)
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
    return render(request, "invest/till.html", {"till": held})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(*ACT_KINDS)
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
            voucher_codes.undo_use(use=use, on=today(), by=actor(request))
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
            "invest/paper_vouchers.html",
            {"organisation": organisation, "sheet": sheet},
            heads=(),
            name=name,
            rows=len(sheet.vouchers),
        )
    context = {
        "organisation": organisation,
        "page": page,
        "may_act": access.has_role(request.user, organisation, *ACT_KINDS),
    }
    return render(request, "invest/codes.html", context)


def _redeem(request: HttpRequest, till: Holding, form: RedeemForm) -> HttpResponse:
    use = voucher_codes.redeem(
        voucher=voucher_codes.find(form.cleaned_data["code"]),
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
        return voucher_codes.till(token) if token else None
    except NoSuchTill:
        return None
