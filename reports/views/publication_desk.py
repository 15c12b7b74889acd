"""The desk of publications: draft with a preview, have a second person approve, revise, discard."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from invest import access
from invest.models import Organisation, Project
from invest.web.desk import UserRequest, actor, desk, today
from invest.web.fields import RefusingForm
from pools.errors import Refused
from reports import publish
from reports.forms.publications import PublicationForm, RevisionForm
from reports.models import Publication, PublicationRevision
from reports.publish import shown
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
@require_safe
@desk("publications.draft")
def new(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Words and a preview of all that would be published; sent, it waits for a second person."""
    projects = _projects(organisation)
    first = projects.filter(slug=request.GET.get("project", "")).first()
    initial = {
        "as_of": today(),
        "project": first,
        "use_sv": first.use_of_money_sv if first else "",
        "use_en": first.use_of_money_en if first else "",
    }
    form = PublicationForm(projects=projects, initial=initial)
    return _new_page(request, organisation, form, None)


@never_cache
@require_POST
@desk("publications.draft")
def preview(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """What would be published; nothing is kept."""
    form = PublicationForm(request.POST, projects=_projects(organisation))
    return _new_page(request, organisation, form, _preview(form, organisation, None))


@never_cache
@require_POST
@desk("publications.draft")
def draft(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Freeze it as a draft, that waits for a second person."""
    form = PublicationForm(request.POST, projects=_projects(organisation))
    shown = _preview(form, organisation, None)
    revision = _drafted(request, form, organisation) if shown else None
    if revision is None:
        return _new_page(request, organisation, form, shown)
    return redirect("publication_at_desk", organisation.slug, revision.publication_id)


@never_cache
@require_safe
@desk("publications.draft")
def revise(request: UserRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """What shall stand instead of what is published, and why."""
    last = _last_approved(organisation, pk)
    return _revise_page(request, last, RevisionForm(initial=_written(last)), None)


@never_cache
@require_POST
@desk("publications.draft")
def preview_revision(request: UserRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """What would stand instead; nothing is kept."""
    last, form = _last_approved(organisation, pk), RevisionForm(request.POST)
    return _revise_page(request, last, form, _preview(form, organisation, last))


@never_cache
@require_POST
@desk("publications.draft")
def draft_revision(request: UserRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """Freeze what shall stand instead as a draft, that waits for a second person."""
    last, form = _last_approved(organisation, pk), RevisionForm(request.POST)
    shown = _preview(form, organisation, last)
    if shown and _revised(request, form, last.publication):
        return redirect("publication_at_desk", organisation.slug, pk)
    return _revise_page(request, last, form, shown)


@never_cache
@require_safe
@desk("publications")
def one(request: UserRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """The newest revision as it is frozen, with what may be done about it."""
    return _publication_page(request, _newest(organisation, pk))


@never_cache
@require_POST
@desk("publications.approve")
def approve(
    request: UserRequest, organisation: Organisation, pk: int, revision: int
) -> HttpResponse:
    """Sign the very revision that was read."""
    read = _read(organisation, pk, revision)
    try:
        publish.approve(revision=read, by=actor(request), at=timezone.now())
    except Refused as refusal:
        return _publication_page(request, read, refusal)
    messages.success(request, _("Signed. Nothing in it can be changed any more."))
    return redirect("publication_at_desk", organisation.slug, pk)


@never_cache
@require_POST
@desk("publications.discard")
def discard(
    request: UserRequest, organisation: Organisation, pk: int, revision: int
) -> HttpResponse:
    """Let the draft that was read come to nothing."""
    read = _read(organisation, pk, revision)
    try:
        publish.discard(revision=read, at=timezone.now())
    except Refused as refusal:
        return _publication_page(request, read, refusal)
    messages.success(request, _("Discarded. Nobody else has seen it."))
    return redirect("publication_at_desk", organisation.slug, pk)


def _projects(organisation: Organisation) -> QuerySet[Project]:
    return organisation.projects.order_by("name")


def _last_approved(organisation: Organisation, pk: int) -> PublicationRevision:
    approved = _of(organisation, pk).revisions.filter(approved_at__isnull=False)
    return approved.order_by("number").last() or _not_there()


def _newest(organisation: Organisation, pk: int) -> PublicationRevision:
    return _of(organisation, pk).revisions.order_by("number").last() or _not_there()


def _read(organisation: Organisation, pk: int, revision: int) -> PublicationRevision:
    """The newest revision, if that is the one that was read."""
    newest = _newest(organisation, pk)
    return newest if newest.pk == revision else _not_there()


def _not_there() -> Any:
    raise Http404


def _new_page(
    request: HttpRequest,
    organisation: Organisation,
    form: PublicationForm,
    shown: dict[str, Any] | None,
) -> HttpResponse:
    context = {
        "here": reverse("new_publication", args=[organisation.slug]),
        "preview_at": reverse("preview_publication", args=[organisation.slug]),
        "draft_at": reverse("draft_publication", args=[organisation.slug]),
        "organisation": organisation,
        "form": form,
        "shown": shown,
    }
    return _form_page(request, context, form)


def _revise_page(
    request: HttpRequest,
    last: PublicationRevision,
    form: RevisionForm,
    shown: dict[str, Any] | None,
) -> HttpResponse:
    publication = last.publication
    of = [publication.organisation.slug, publication.pk]
    context = {
        "here": reverse("revise_publication", args=of),
        "preview_at": reverse("preview_revision", args=of),
        "draft_at": reverse("draft_revision", args=of),
        "organisation": publication.organisation,
        "publication": publication,
        "form": form,
        "shown": shown,
    }
    return _form_page(request, context, form)


def _form_page(request: HttpRequest, context: dict[str, Any], form: RefusingForm) -> HttpResponse:
    """The whole page, or (while somebody writes) the preview alone."""
    if getattr(request, "htmx", False):
        return render(request, "reports/_preview.html", context)
    status = form.status if form.errors else 200
    return render(request, "reports/publication_form.html", context, status=status)


def _publication_page(
    request: UserRequest, revision: PublicationRevision, refusal: Refused | None = None
) -> HttpResponse:
    """The revision as it is frozen; what was refused says why above it."""
    publication, now = revision.publication, timezone.now()
    organisation, state = publication.organisation, publish.state(revision, now)
    is_draft = state == publish.State.DRAFT
    context = {
        "here": reverse("publication_at_desk", args=[organisation.slug, publication.pk]),
        "organisation": organisation,
        "publication": publication,
        "revision": revision,
        "lines": [_line(each, now) for each in publication.revisions.order_by("-number")],
        "told": shown(revision.content),
        "state": publish.State.LABELS[state],
        "is_draft": is_draft,
        "is_public": publish.latest(publication, now) is not None,
        "is_own": revision.drafted_by == actor(request),
        "would_point": is_draft and bool(publish.would_point(revision)),
        "may_approve": access.may(request.user, organisation, "publications.approve"),
        "may_draft": access.may(request.user, organisation, "publications.draft"),
        "wrong": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "reports/publication_at_desk.html", context, status=status)


def _preview(
    form: Any, organisation: Organisation, last: PublicationRevision | None
) -> dict[str, Any] | None:
    """What the form would publish; None where it says why it cannot."""
    if not form.is_valid():
        return None
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
        return None
    return {"told": shown(made.content), "would_point": bool(made.pointing)}


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
        "title": shown(revision.content).title,
        "state": publish.State.LABELS[state],
        "tone": tones.get(state, ""),
        "is_public": state in {publish.State.PUBLISHED, publish.State.REVISED},
    }


def _written(last: PublicationRevision) -> dict[str, str]:
    """What was written before, to begin with."""
    typed = {}
    for language in ("sv", "en"):
        words = last.content["words"][language]
        typed[f"title_{language}"] = words["title"]
        typed[f"text_{language}"] = words["text"]
        typed[f"use_{language}"] = words["use_of_funds"]
    return typed
