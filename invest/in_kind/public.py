"""Offering help in kind, its receipt with the talk about it, and taking it back."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

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
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """What was offered and what became of it, for whoever holds the link; and a line to them."""
    found = get_object_or_404(InKind.objects.select_related("project__organisation"), token=token)
    form = MessageForm(request.POST or None)
    status = 200
    if request.method == "POST":
        try:
            if request.POST.get("step") == "withdraw":
                in_kind.withdraw(in_kind=found, on=today(), by=actor(request))
                return redirect(found)
            if form.is_valid():
                text = form.cleaned_data["text"]
                in_kind.say(in_kind=found, text=text, is_from_giver=True, at=timezone.now())
                return redirect(found)
        except Refused as refusal:
            form.refuse(None, refusal)
        status = form.status
    context = {"given": queries.given(found), "form": form}
    return unlisted(render(request, "invest/in_kind/in_kind_receipt.html", context, status=status))
