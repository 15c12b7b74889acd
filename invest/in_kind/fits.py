"""What is offered and what is looked for: cards of a place, needs of projects."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from invest.models import AssetCard, InKind, InKindEvent, Need, Person, Place, Project
from invest.progress.listed import STAGE_GROUPS
from invest.progress.stages import with_stage
from invest.similarity import Found, Thing, found, kind_of

Kind, Side = AssetCard.Kind, AssetCard.Side
MOST_FOUND, FIRST_FOUND = 12, 3
RUNNING = Q(stage__isnull=True) | ~Q(stage__in=STAGE_GROUPS["ended"])


@dataclass(frozen=True)
class Fit:
    """Something offered and something looked for, and why they may fit."""

    have: AssetCard
    card: AssetCard | None
    need: Need | None
    why: str
    contact: Person | None = None

    @property
    def looked_for(self) -> str:
        """What is looked for, in words."""
        return self.need.text if self.need else self.card.title if self.card else ""


def standing(place: Place) -> QuerySet[AssetCard]:
    """Cards that were not taken away, newest first."""
    return place.cards.filter(removed_at__isnull=True).select_related(
        "person", "unit", "place", "in_kind__project"
    )


def contact_of(card: AssetCard) -> Person | None:
    """Whom to reach; None where nobody has agreed to be reached, or is forgotten or protected."""
    person = card.person
    if person is None or card.contact_agreed_at is None:
        return None
    return None if person.is_hidden else person


def open_needs(municipality: str, as_of: date, project: Project | None = None) -> list[Need]:
    """Needs in kind of running projects there that accepted help has not filled. Two queries."""
    running = with_stage(Project.objects.filter(municipality=municipality), as_of)
    running = running.filter(RUNNING)
    if project is not None:
        running = running.filter(pk=project.pk)
    asked = Need.objects.filter(quantity__isnull=False, project__in=running.values("pk"))
    needs = list(asked.select_related("project").order_by("pk"))
    filled: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    accepted = (
        InKind.objects.filter(need__in=needs).with_state().filter(state__in=InKindEvent.ACCEPTED)
    )
    for help_ in accepted:
        if help_.need_id:
            filled[help_.need_id][help_.unit_id] += help_.quantity_now
    return [
        need
        for need in needs
        if need.quantity and max(filled[need.pk].values(), default=Decimal(0)) < need.quantity
    ]


def fits_of(cards: Iterable[AssetCard], needs: Iterable[Need]) -> list[Fit]:
    """What we have against what we lack and what projects ask for, the best first. No query.

    A card that has become a promise is left out: it has found its place.
    """
    free = [card for card in cards if card.in_kind_id is None]
    by_pk, asked = {card.pk: card for card in free}, {need.pk: need for need in needs}
    haves = [_thing(card) for card in free if card.side == Side.HAVE]
    lacks = [_thing(card) for card in free if card.side == Side.LACK]
    lacks += [
        Thing(("need", need.pk), kind_of(need.text_sv, need.unit), need.text_sv)
        for need in asked.values()
    ]
    return [_fit(pair, by_pk, asked) for pair in found(haves, lacks)]


def fits_of_card(card: AssetCard, as_of: date) -> list[Fit]:
    """What one card fits with."""
    if card.removed_at:
        return []
    cards = [card]
    if card.side == Side.HAVE:
        cards += standing(card.place).filter(side=Side.LACK)
        needs = open_needs(card.place.municipality, as_of)
    else:
        cards += standing(card.place).filter(side=Side.HAVE)
        needs = []
    return [fit for fit in fits_of(cards, needs) if card in (fit.have, fit.card)][:MOST_FOUND]


def fits_of_project(project: Project, as_of: date) -> list[Fit]:
    """Cards of places in the project's municipality that fit what it still asks for."""
    needs = open_needs(project.municipality, as_of, project)
    if not needs:
        return []
    cards = AssetCard.objects.filter(
        place__municipality=project.municipality, side=Side.HAVE, removed_at__isnull=True
    )
    return fits_of(cards.select_related("person", "place"), needs)[:MOST_FOUND]


def summary(fits: Iterable[Fit]) -> list[str]:
    """For each kind: how many projects look for one, and that somebody offers it."""
    looking: dict[str, set[int]] = defaultdict(set)
    for fit in fits:
        if fit.need:
            looking[fit.have.kind].add(fit.need.project_id)
    return [
        ngettext(
            "%(n)s project looks for what somebody here offers: %(kind)s.",
            "%(n)s projects look for what somebody here offers: %(kind)s.",
            len(projects),
        )
        % {"n": len(projects), "kind": str(Kind(kind).label).lower()}
        for kind, projects in sorted(looking.items())
    ]


def _thing(card: AssetCard) -> Thing:
    return Thing(("card", card.pk), card.kind, f"{card.title} {card.text}")


def _fit(pair: Found, cards: dict[int, AssetCard], needs: dict[int, Need]) -> Fit:
    have, (sort, pk) = cards[pair.have.of[1]], pair.lack.of
    return Fit(
        have=have,
        card=cards[pk] if sort == "card" else None,
        need=needs[pk] if sort == "need" else None,
        why=_why(pair),
        contact=contact_of(have),
    )


def _why(pair: Found) -> str:
    shared = ", ".join(_("“%(word)s”") % {"word": word} for word in pair.shared)
    if not pair.kind:
        return _("Both speak of %(words)s.") % {"words": shared}
    kind = str(Kind(pair.kind).label).lower()
    if not shared:
        return _("One is offered and one is looked for: %(kind)s.") % {"kind": kind}
    return _("Both are of one kind (%(kind)s), and both speak of %(words)s.") % {
        "kind": kind,
        "words": shared,
    }
