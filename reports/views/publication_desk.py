"""The desk of publications: draft with a preview, have a second person approve, revise, discard."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from invest import access
from invest.models import Organisation
from invest.web.desk import UserRequest, actor, desk, today
from pools.errors import Refused
from reports import publish
from reports.forms.publications import PublicationForm, RevisionForm
from reports.models import Publication, PublicationRevision
from reports.publish import told as publish_told
from reports.tables import PublicationTable


@never_cache
@require_safe
@desk("publications")
def publications(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Everything the organisation has drafted or published, newest first."""
    now = timezone.now()
    found = Publication.objects.filter(organisation=organisation).select_related("project")
    listed = [
        (publication, [_line(revision, now) for revision in publication.revisions.all()[::-1]])
        for publication in found.prefetch_related("revisions__publication")
    ]
    table = PublicationTable(listed).asked(request, f"{organisation.slug}-publications")
    if file := table.file():
        return file
    context = {
        "organisation": organisation,
        "table": table,
        "may_draft": access.may(request.user, organisation, "publications.draft"),
    }
    return render(request, "reports/publications.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("publications.draft")
def new(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Words and a preview of all that would be published; sent, it waits for a second person."""
    projects = organisation.projects.order_by("name")
    first = projects.filter(slug=request.GET.get("project", "")).first()
    initial = {
        "as_of": today(),
        "project": first,
        "use_sv": first.use_of_money_sv if first else "",
        "use_en": first.use_of_money_en if first else "",
    }
    form = PublicationForm(request.POST or None, projects=projects, initial=initial)
    shown, status = None, 200
    if request.method == "POST":
        shown, status = _preview(form, organisation, None)
        if request.POST.get("step") == "draft" and status == 200:
            revision = _drafted(request, form, organisation)
            if revision is not None:
                return redirect("publication_at_desk", organisation.slug, revision.publication_id)
            status = form.status
    context = {"organisation": organisation, "form": form, "shown": shown}
    return _form_page(request, context, status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("publications.draft")
def revise(request: UserRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """What shall stand instead of what is published, and why."""
    publication = _of(organisation, pk)
    last = publication.revisions.filter(approved_at__isnull=False).order_by("number").last()
    if last is None:
        raise Http404
    form = RevisionForm(request.POST or None, initial=_written(last))
    shown, status = None, 200
    if request.method == "POST":
        shown, status = _preview(form, organisation, last)
        if request.POST.get("step") == "draft" and status == 200:
            if _revised(request, form, publication):
                return redirect("publication_at_desk", organisation.slug, publication.pk)
            status = form.status
    context = {
        "organisation": organisation,
        "publication": publication,
        "form": form,
        "shown": shown,
    }
    return _form_page(request, context, status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("publications")
def one(request: UserRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """The newest revision as it is frozen, with what may be done about it."""
    publication = _of(organisation, pk)
    revision = publication.revisions.order_by("number").last()
    if revision is None:
        raise Http404
    wrong, status = None, 200
    if request.method == "POST":
        try:
            _take_step(request, organisation, revision)
        except Refused as refusal:
            wrong, status = str(refusal), refusal.status
        else:
            return redirect("publication_at_desk", organisation.slug, publication.pk)
    now = timezone.now()
    state = publish.state(revision, now)
    is_draft = state == publish.State.DRAFT
    context = {
        "organisation": organisation,
        "publication": publication,
        "revision": revision,
        "lines": [_line(each, now) for each in publication.revisions.order_by("-number")],
        "told": publish_told(revision.content),
        "state": publish.State.LABELS[state],
        "is_draft": is_draft,
        "is_public": publish.latest(publication, now) is not None,
        "is_own": revision.drafted_by == actor(request),
        "would_point": is_draft and bool(publish.would_point(revision)),
        "may_approve": access.may(request.user, organisation, "publications.approve"),
        "may_draft": access.may(request.user, organisation, "publications.draft"),
        "wrong": wrong,
    }
    return render(request, "reports/publication_at_desk.html", context, status=status)


def _take_step(
    request: UserRequest, organisation: Organisation, revision: PublicationRevision
) -> None:
    """Approve or discard the very revision that was read. Raises what the verbs refuse."""
    step, read = request.POST.get("step"), request.POST.get("revision")
    if read != str(revision.pk) or step not in {"approve", "discard"}:
        raise Http404
    if step == "approve":
        if not access.may(request.user, organisation, "publications.approve"):
            raise Http404
        publish.approve(revision=revision, by=actor(request), at=timezone.now())
        messages.success(request, _("Signed. Nothing in it can be changed any more."))
    else:
        if not access.may(request.user, organisation, "publications.discard"):
            raise Http404
        publish.discard(revision=revision, at=timezone.now())
        messages.success(request, _("Discarded. Nobody else has seen it."))


def _preview(
    form: Any, organisation: Organisation, last: PublicationRevision | None
) -> tuple[dict[str, Any] | None, int]:
    """What the form would publish, and the status to answer with."""
    if not form.is_valid():
        return None, form.status
    try:
        made = publish.preview(
            organisation=organisation,
            project=last.publication.project if last else form.cleaned_data["project"],
            as_of=form.cleaned_data["as_of"],
            words=form.words(),
            at=timezone.now(),
            last=last,
        )
    except Refused as refusal:
        form.refuse(None, refusal)
        return None, form.status
    return {"told": publish_told(made.content), "would_point": bool(made.pointing)}, 200


def _drafted(
    request: UserRequest, form: PublicationForm, organisation: Organisation
) -> PublicationRevision | None:
    try:
        made = publish.draft(
            organisation=organisation,
            project=form.cleaned_data["project"],
            as_of=form.cleaned_data["as_of"],
            words=form.words(),
            by=actor(request),
            at=timezone.now(),
            embargo_until=form.cleaned_data["embargo_until"],
        )
    except Refused as refusal:
        form.refuse(None, refusal)
        return None
    messages.success(request, _("Drafted. It waits for a second person."))
    return made


def _revised(request: UserRequest, form: RevisionForm, publication: Publication) -> bool:
    try:
        publish.revise(
            publication=publication,
            as_of=form.cleaned_data["as_of"],
            words=form.words(),
            reason=form.cleaned_data["reason"],
            by=actor(request),
            at=timezone.now(),
            embargo_until=form.cleaned_data["embargo_until"],
        )
    except Refused as refusal:
        form.refuse(None, refusal)
        return False
    messages.success(request, _("Drafted. It waits for a second person."))
    return True


def _form_page(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    """The whole page, or (while somebody writes) the preview alone."""
    if getattr(request, "htmx", False):
        return render(request, "reports/_preview.html", context)
    return render(request, "reports/publication_form.html", context, status=status)


def _of(organisation: Organisation, pk: int) -> Publication:
    if pk >= 1 << 63:
        raise Http404
    return get_object_or_404(
        Publication.objects.select_related("project", "organisation"),
        pk=pk,
        organisation=organisation,
    )


def _line(revision: PublicationRevision, now: Any) -> dict[str, Any]:
    state = publish.state(revision, now)
    tones = {
        publish.State.DRAFT: "is-warm",
        publish.State.HELD: "is-warm",
        publish.State.REVISED: "is-quiet",
        publish.State.DISCARDED: "is-quiet",
    }
    return {
        "revision": revision,
        "title": publish_told(revision.content).title,
        "state": publish.State.LABELS[state],
        "tone": tones.get(state, ""),
        "is_public": state in {publish.State.PUBLISHED, publish.State.REVISED},
    }


def _written(last: PublicationRevision) -> dict[str, str]:
    """What was written before, to begin with."""
    told = {}
    for language in ("sv", "en"):
        words = last.content["words"][language]
        told[f"title_{language}"] = words["title"]
        told[f"text_{language}"] = words["text"]
        told[f"use_{language}"] = words["use_of_funds"]
    return told
