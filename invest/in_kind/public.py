"""Offering help in kind, its receipt with the talk about it, and taking it back."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from invest.in_kind import in_kind, queries
from invest.in_kind.forms import InKindForm, MessageForm
from invest.models import InKind, Pledge, Project
from invest.people import Giver
from invest.progress.progress import offers_of
from invest.refusals import UnsafeText
from invest.web.desk import actor, today
from invest.web.throttle import throttle
from invest.web.visitors import fair_of, key_owner, known, unlisted, wants_json
from pools.errors import Refused


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, and what becomes of it: sent twice, it is still one offer."""
    project = get_object_or_404(Project.objects.select_related("organisation"), slug=slug)
    form = InKindForm(request.POST or None, project=project, initial=known(request))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                throttle(request, project.slug)
                return _offer(request, project, form)
            except Refused as refusal:
                form.refuse("what" if isinstance(refusal, UnsafeText) else None, refusal)
        status = form.status
        if wants_json(request):
            return JsonResponse({"errors": form.sentences()}, status=status)
    offered = offers_of(project, today()).open_offer
    context = {"project": project, "form": form, "offer": offered}
    return render(request, "invest/in_kind/in_kind.html", context, status=status)


def _offer(request: HttpRequest, project: Project, form: InKindForm) -> HttpResponse:
    typed, at = form.cleaned_data, timezone.now()
    fair = fair_of(project, typed["fair"])
    made = in_kind.offer(
        project=project,
        giver=Giver(
            name=typed["name"],
            email=typed["email"],
            phone=typed["phone"],
            municipality=typed["municipality"],
            language=get_language() or "sv",
            user=request.user if request.user.is_authenticated else None,
            publish_name=typed["publish_name"],
        ),
        help_=form.help_offered(),
        key=typed["key"],
        key_owner=key_owner(request),
        on=today(),
        by=actor(request),
        at=at,
        source=Pledge.Source.FAIR if fair else Pledge.Source.WEB,
        fair=fair,
        need=typed.get("need"),
        shown_as=form.shown_as(),
    )
    if wants_json(request):
        return JsonResponse({"receipt": made.get_absolute_url()})
    answer = redirect(made)
    if made.submitted_at != at:
        answer["Idempotent-Replayed"] = "true"
    return answer


@never_cache
@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """What was offered and what became of it, for whoever holds the link; and a line to them."""
    return _receipt(request, _found(token))


@never_cache
@require_POST
def say(request: HttpRequest, token: str) -> HttpResponse:
    """A line from the giver to the project."""
    found, form = _found(token), MessageForm(request.POST)
    if not form.is_valid():
        return _receipt(request, found, form)
    text = form.cleaned_data["text"]
    try:
        in_kind.say(in_kind=found, text=text, is_from_giver=True, at=timezone.now())
    except Refused as refusal:
        form.refuse(None, refusal)
        return _receipt(request, found, form)
    return redirect(found)


@never_cache
@require_POST
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Take the offer back."""
    found = _found(token)
    try:
        in_kind.withdraw(in_kind=found, on=today(), by=actor(request))
    except Refused as refusal:
        return _receipt(request, found, refusal=refusal)
    return redirect(found)


def _found(token: str) -> InKind:
    return get_object_or_404(InKind.objects.select_related("project__organisation"), token=token)


def _receipt(
    request: HttpRequest,
    found: InKind,
    wrong: MessageForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    """The receipt; a line that was refused stands as it was typed."""
    context = {
        "here": found.get_absolute_url(),
        "given": queries.given(found),
        "form": wrong or MessageForm(),
        "refusal": refusal,
    }
    status = wrong.status if wrong else refusal.status if refusal else 200
    return unlisted(render(request, "invest/in_kind/in_kind_receipt.html", context, status=status))
