"""Draft, approve, revise, discard. States are what the moments say; nothing is ever rewritten."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from invest.kinds.refusals import BadTerms
from invest.models import Organisation, Project
from invest.people import plain
from invest.refusals import SecondPersonNeeded, UnsafeText
from invest.vehicles.refusals import AheadOfTime
from pools.models import Ledger
from reports.models import Publication, PublicationRevision
from reports.publish.freeze import Content, Words, freeze, shown_crowds
from reports.publish.parts import Crowd, Log, pointing, read_log
from reports.publish.signature import canonical, moment_text, sign
from reports.refusals import DraftWaits, EmbargoPast, NotADraft, NotPublished, PointsAtSomebody

MOST = {"title": 120, "text": 6_000, "use": 2_000}
KEPT = ("as_of", "known_to", "heads", "figures", "goals", "milestones")  # Where only words change.


class State:
    """What a revision is at a moment: code → its name."""

    DRAFT = "draft"
    DISCARDED = "discarded"
    HELD = "held"
    PUBLISHED = "published"
    REVISED = "revised"
    LABELS = {
        DRAFT: _("Draft"),
        DISCARDED: _("Discarded"),
        HELD: _("Held until its hour"),
        PUBLISHED: _("Published"),
        REVISED: _("Revised"),
    }


@dataclass(frozen=True, slots=True)
class Preview:
    """A content before it is drafted, and the codes of figures that would point at somebody."""

    content: Content
    pointing: tuple[str, ...]


@transaction.atomic
def draft(
    *,
    organisation: Organisation,
    project: Project | None,
    as_of: date,
    words: Words,
    by: str,
    at: datetime,
    embargo_until: datetime | None = None,
) -> PublicationRevision:
    """Freeze a project's figures, or (None) the whole organisation's, with words beside them.

    Figures are as of the end of `as_of` and as known at `at`. Raises AheadOfTime, EmbargoPast,
    BadTerms, UnsafeText and TextTooLong; nothing is kept then.
    """
    content = _frozen(organisation, project, as_of, words, at, embargo_until)
    publication = Publication.objects.create(organisation=organisation, project=project)
    return PublicationRevision.objects.create(
        publication=publication,
        number=1,
        content=content,
        drafted_by=by,
        drafted_at=at,
        embargo_until=embargo_until,
    )


@transaction.atomic
def preview(
    *,
    organisation: Organisation,
    project: Project | None,
    as_of: date | None,
    words: Words,
    at: datetime,
    last: PublicationRevision | None = None,
) -> Preview:
    """What a draft would hold, and what would stand in its way; nothing is kept.

    `last`: the revision it would replace, whose figures stay where `as_of` is None.
    """
    content = _frozen(organisation, project, as_of, words, at, None, last)
    log = read_log(organisation)
    told = shown_crowds(log, project.pk if project else None, content)
    return Preview(content, tuple(pointing(told, crowds_before(organisation, log))))


@transaction.atomic
def revise(
    *,
    publication: Publication,
    as_of: date | None,
    words: Words,
    reason: str,
    by: str,
    at: datetime,
    embargo_until: datetime | None = None,
) -> PublicationRevision:
    """Draft what shall stand instead, and why. The old stays readable, marked as revised.

    `as_of` None: other words beside the same figures. Raises NotPublished before anything was
    approved, DraftWaits while another draft does, and what `draft` raises.
    """
    publication = _locked(publication)
    last = _approved(publication).last()
    if last is None:
        raise NotPublished
    if publication.revisions.filter(approved_at=None, discarded_at=None).exists():
        raise DraftWaits
    reason = plain(reason, most=300)
    if not reason:
        raise BadTerms(field="reason", reason=_("say why"))
    organisation, project = publication.organisation, publication.project
    content = _frozen(organisation, project, as_of, words, at, embargo_until, last)
    return PublicationRevision.objects.create(
        publication=publication,
        number=publication.revisions.count() + 1,
        content=content,
        reason=reason,
        drafted_by=by,
        drafted_at=at,
        embargo_until=embargo_until,
    )


@transaction.atomic
def approve(*, revision: PublicationRevision, by: str, at: datetime) -> PublicationRevision:
    """A second person agrees: it is signed, and published at once or when its embargo ends.

    Raises NotADraft, SecondPersonNeeded for its author, and PointsAtSomebody where a sum differs
    from one that was told before by the parts of one to four persons.
    """
    publication = _locked(revision.publication)
    revision = publication.revisions.get(pk=revision.pk)
    if revision.approved_at or revision.discarded_at:
        raise NotADraft
    if revision.drafted_by == by:
        raise SecondPersonNeeded
    if would_point(revision):
        raise PointsAtSomebody
    before = _approved(publication).last()
    if revision.embargo_until and revision.embargo_until <= at:
        revision.embargo_until = None  # Its hour came while it waited.
    revision.approved_by, revision.approved_at = by, at
    revision.content = {
        **revision.content,
        "publication": publication.pk,
        "revision": revision.number,
        "reason": revision.reason,
        "previous": sha256(before.signed.encode()).hexdigest() if before else "",
        "approved_at": moment_text(at),
        "published_from": moment_text(revision.published_from),
    }
    signed = sign(canonical(revision.content))
    revision.signed, revision.signature, revision.key = signed.text, signed.signature, signed.key
    revision.save()
    return revision


@transaction.atomic
def discard(*, revision: PublicationRevision, at: datetime) -> PublicationRevision:
    """A draft that comes to nothing. Raises NotADraft for what is approved."""
    publication = _locked(revision.publication)
    revision = publication.revisions.get(pk=revision.pk)
    if revision.approved_at or revision.discarded_at:
        raise NotADraft
    revision.discarded_at = at
    revision.save()
    return revision


# --- Reading --------------------------------------------------------------------------------------


def published(at: datetime) -> QuerySet[PublicationRevision]:
    """Revisions that everybody may read at a moment, the revised ones too."""
    return PublicationRevision.objects.filter(
        Q(embargo_until=None) | Q(embargo_until__lte=at), approved_at__lte=at
    )


def latest(publication: Publication, at: datetime) -> PublicationRevision | None:
    """The revision that holds at a moment; None where nothing is published."""
    return published(at).filter(publication=publication).order_by("number").last()


def newest(at: datetime) -> QuerySet[PublicationRevision]:
    """The revision of each publication that holds at a moment, newest publication first."""
    public = published(at)
    last = public.filter(publication=OuterRef("publication")).order_by().values("publication")
    return (
        public.filter(number=Subquery(last.annotate(last=Max("number")).values("last")))
        .select_related("publication__organisation", "publication__project")
        .order_by("-publication_id")
    )


def state(revision: PublicationRevision, at: datetime) -> str:
    """What a revision is at a moment: a code of `State`."""
    if revision.discarded_at:
        return State.DISCARDED
    if revision.published_from is None:
        return State.DRAFT
    if revision.published_from > at:
        return State.HELD
    newest = latest(revision.publication, at)
    return State.PUBLISHED if newest == revision else State.REVISED


def would_point(revision: PublicationRevision) -> list[str]:
    """Codes of a draft's figures that would point at somebody, beside all that its organisation
    has approved so far. Four queries and one for the revisions.
    """
    publication = revision.publication
    log = read_log(publication.organisation)
    told = shown_crowds(log, publication.project_id, revision.content)
    return pointing(told, crowds_before(publication.organisation, log))


def crowds_before(organisation: Organisation, log: Log) -> Iterator[Crowd]:
    """Every figure of people that an organisation has approved, held ones too. One query."""
    rows = PublicationRevision.objects.filter(
        publication__organisation=organisation, approved_at__isnull=False
    )
    for project, content in rows.values_list("publication__project", "content").order_by("pk"):
        yield from shown_crowds(log, project, content)


# --- Within ---------------------------------------------------------------------------------------


def _frozen(
    organisation: Organisation,
    project: Project | None,
    as_of: date | None,
    words: Words,
    at: datetime,
    embargo_until: datetime | None,
    last: PublicationRevision | None = None,
) -> Content:
    kept = {} if as_of or last is None else {name: last.content[name] for name in KEPT}
    as_of = as_of or date.fromisoformat(kept["as_of"])
    if as_of > timezone.localdate(at):
        raise AheadOfTime
    if embargo_until is not None and embargo_until <= at:
        raise EmbargoPast
    words = _clean(words)
    # Nothing is booked in these books between the figures and their heads.
    list(Ledger.objects.select_for_update(of=("self",)).filter(organisation=organisation))
    log = read_log(organisation)
    content = freeze(
        organisation=organisation,
        project=project,
        as_of=as_of,
        words=words,
        at=at,
        log=log,
        before=crowds_before(organisation, log),
    )
    return content | kept


def _clean(words: Words) -> Words:
    """Each text in one Unicode form; only what may have lines has them. Swedish is needed."""
    told = {}
    for field in fields(words):
        typed, most = getattr(words, field.name), MOST[field.name[:-3]]
        is_line = field.name.startswith("title")
        told[field.name] = plain(typed, most=most) if is_line else _lines(typed, most)
    for name in ("title_sv", "text_sv"):
        if not told[name]:
            raise BadTerms(field=name, reason=_("write a title and a text in Swedish"))
    return Words(**told)


def _lines(text: str, most: int) -> str:
    if len(text) > most * 2:
        raise UnsafeText
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    told = "\n".join(plain(line, most=most) for line in lines).strip()
    plain(told.replace("\n", " "), most=most)
    return told


def _locked(publication: Publication) -> Publication:
    """One at a time in an organisation: what is told is weighed against all that was told."""
    Organisation.objects.select_for_update(no_key=True).get(pk=publication.organisation_id)
    return Publication.objects.select_related("organisation", "project").get(pk=publication.pk)


def _approved(publication: Publication) -> QuerySet[PublicationRevision]:
    return publication.revisions.filter(approved_at__isnull=False).order_by("number")
