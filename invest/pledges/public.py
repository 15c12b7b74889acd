"""Making a promise, its receipt, and taking it back."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from invest.models import Pledge, Project
from invest.people import Giver
from invest.pledges import letters, pledges, queries
from invest.pledges.forms import PledgeForm
from invest.pledges.refusals import OfferingClosed
from invest.progress.offers import Offer
from invest.progress.progress import offers_of
from invest.refusals import UnsafeText
from invest.web.desk import actor, today
from invest.web.throttle import throttle
from invest.web.visitors import fair_of, key_owner, known, unlisted, wants_json
from pools.errors import Refused


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pledge(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, and what becomes of it: sent twice, it is still one promise."""
    project = get_object_or_404(Project.objects.select_related("organisation"), slug=slug)
    offer = _offer_of(project)
    form = PledgeForm(request.POST or None, offer=offer, initial=known(request))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                throttle(request, project.slug)
                return _submit(request, project, offer, form)
            except Refused as refusal:
                form.refuse("name" if isinstance(refusal, UnsafeText) else "amount", refusal)
        status = form.status
        if wants_json(request):
            return JsonResponse({"errors": form.sentences()}, status=status)
    elif not offer.is_open(today()):
        status = OfferingClosed.status
    context = {"project": project, "offer": offer, "form": form, "is_open": offer.is_open(today())}
    return render(request, "invest/pledges/pledge.html", context, status=status)


@never_cache
@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """What was promised, for whoever holds the link."""
    promise = _promise(token)
    context = {"promise": promise, "can_withdraw": promise.can_be_withdrawn(today())}
    return unlisted(render(request, "invest/pledges/receipt.html", context))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once, then take the promise back."""
    promise = _promise(token)
    refusal = None
    if request.method == "POST":
        try:
            pledges.withdraw(pledge=promise.pledge, on=today(), by=actor(request))
            return redirect(promise.pledge)
        except Refused as refused:
            refusal = refused
    context = {
        "promise": promise,
        "refusal": refusal,
        "can_withdraw": promise.can_be_withdrawn(today()),
    }
    status = refusal.status if refusal else 200
    return unlisted(render(request, "invest/pledges/withdraw.html", context, status=status))


def _submit(request: HttpRequest, project: Project, offer: Offer, form: PledgeForm) -> HttpResponse:
    typed, at = form.cleaned_data, timezone.now()
    fair = fair_of(project, typed["fair"])
    made = pledges.submit(
        offering=offer.offering,
        giver=Giver(
            name=typed["name"],
            email=typed["email"],
            municipality=typed["municipality"],
            language=get_language() or "sv",
            user=request.user if request.user.is_authenticated else None,
            publish_name=typed["publish_name"],
        ),
        amount=typed["money"],
        key=typed["key"],
        key_owner=key_owner(request),
        on=today(),
        by=actor(request),
        at=at,
        source=Pledge.Source.FAIR if fair else Pledge.Source.WEB,
        fair=fair,
        shown_as=(typed["alias"] or typed["name"]) if typed["publish_name"] else "",
    )
    if made.submitted_at == at:
        letters.send_receipt(made, link=request.build_absolute_uri(made.get_absolute_url()))
    if wants_json(request):
        return JsonResponse({"receipt": made.get_absolute_url()})
    answer = redirect(made)
    if made.submitted_at != at:
        answer["Idempotent-Replayed"] = "true"
    return answer


def _offer_of(project: Project) -> Offer:
    """The offering that is open, else the next, else the last."""
    part = offers_of(project, today())
    if not part.offers:
        raise Http404
    return part.open_offer or part.next_offer or part.offers[-1]


def _promise(token: str) -> queries.Promise:
    return queries.receipt(get_object_or_404(Pledge, token=token))
