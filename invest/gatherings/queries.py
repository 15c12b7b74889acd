"""What the pages of gatherings show, and who does a thing together."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Concat

from invest.links import absolute, typed
from invest.models import (
    AssetCard,
    Cooperation,
    Fair,
    Gathering,
    GatheringChange,
    Letter,
    Minute,
    Organisation,
    SignUp,
    Unwanted,
    User,
)
from invest.models.gatherings import held
from invest.organisations.queries import partners
from invest.progress.disclosure import FEWEST_SHOWN
from invest.similarity import in_swedish
from pools.bank.references import qr_svg

DOORS = timedelta(hours=2)  # Before it begins: people come early, and are ticked off.

# Form → the chapter of the handbook that tells how it is done.
CHAPTERS: dict[str, str] = {
    Gathering.Form.MEETING: "first-evening",
    Gathering.Form.WORKING_GROUP: "working-group",
    Gathering.Form.INTEREST_GROUP: "interest-group",
    Gathering.Form.STUDY_CIRCLE: "study-circle",
    Gathering.Form.FESTIVAL: "festival",
    Gathering.Form.MARKET: "market",
    Gathering.Form.THEME_WEEK: "theme-week",
    Gathering.Form.FAIR: "fair",
}


@dataclass(frozen=True)
class GatheringPage:
    """A gathering as everybody sees it."""

    gathering: Gathering
    chapter: str
    change: GatheringChange | None
    coming: int
    left: int | None
    is_over: bool
    minutes: tuple[Minute, ...]
    partners: tuple[Cooperation, ...]

    @property
    def is_open(self) -> bool:
        """Whether somebody may sign up."""
        gathering = self.gathering
        return not (self.is_over or gathering.cancelled_at) and self.left != 0

    @property
    def address(self) -> str:
        """Where the invitation is, as it is typed from paper."""
        return typed(self.gathering.get_absolute_url())

    @property
    def qr(self) -> str:
        """Leads a phone from paper to the invitation."""
        return qr_svg(absolute(self.gathering.get_absolute_url()), title=self.address)


@dataclass(frozen=True)
class GatheringDesk:
    """A gathering as its organiser sees it."""

    page: GatheringPage
    guests: tuple[SignUp, ...]
    forgotten: int
    has_begun: bool
    may_be_removed: bool
    headcount: int


def every() -> QuerySet[Gathering]:
    """All, with whose they are and where."""
    return Gathering.objects.select_related("organisation", "place", "fair")


def coming(at: datetime, **narrowed: object) -> QuerySet[Gathering]:
    """Those that are not over, the next first; a cancelled one until its hour has passed."""
    return every().filter(ends_at__gte=at, **narrowed).order_by("starts_at", "pk")


def past(at: datetime, **narrowed: object) -> QuerySet[Gathering]:
    """Those that were held, the latest first."""
    return every().filter(held(at), **narrowed).order_by("-starts_at", "-pk")


def uninvited(organisation: Organisation, at: datetime) -> QuerySet[Fair]:
    """An organisation's fairs to come that nobody can sign up for yet."""
    to_come = Fair.objects.filter(organisation=organisation, ends_at__gte=at)
    return to_come.filter(gathering__isnull=True).order_by("starts_at")


def guests(gathering: Gathering, at: datetime) -> list[SignUp]:
    """Who means to come and is known, in Swedish order; nobody a year after it."""
    coming = (row for row in _known(gathering, at) if row.cancelled_at is None)
    return sorted(coming, key=lambda row: in_swedish(row.guest))


def _known(gathering: Gathering, at: datetime) -> list[SignUp]:
    """All that are not forgotten, as they signed up."""
    if gathering.ends_at < at - GUESTS_KEPT:  # Also before the day's work has forgotten them.
        return []
    known = gathering.sign_ups.filter(person__isnull=False)
    return list(known.select_related("person").order_by("pk"))


def sign_ups_of(user: User, at: datetime) -> list[SignUp]:
    """Where somebody means to go, the next first. One query."""
    mine = SignUp.objects.filter(
        person__user=user, cancelled_at__isnull=True, gathering__ends_at__gt=at
    )
    return list(mine.select_related("gathering").order_by("gathering__starts_at"))


def may_be_removed(gathering: Gathering) -> bool:
    """Nobody has signed up, nothing is written of it, nobody was told or asked."""
    hangs_on = (gathering.sign_ups, gathering.minutes, gathering.changes, gathering.cooperations)
    return gathering.fair_id is None and not any(rows.exists() for rows in hangs_on)


def unreached(gathering: Gathering) -> tuple[int, list[str]]:
    """How many of those who come get letters, and who gets none: no address, or none wanted."""
    coming = gathering.sign_ups.filter(cancelled_at__isnull=True, person__isnull=False)
    unwanted = Unwanted.objects.filter(person=OuterRef("person"), kind=Letter.Kind.GATHERING)
    gets_none = Q(person__email="") | Exists(unwanted)
    without = coming.filter(gets_none).select_related("person").order_by("pk")
    return coming.exclude(gets_none).count(), [row.guest for row in without]


def headcount(gathering: Gathering) -> int:
    """How many mean to come: the sum of all parties that stand."""
    standing = gathering.sign_ups.filter(cancelled_at__isnull=True)
    number: int = standing.aggregate(n=Sum("party", default=0))["n"]
    return number


def gathering_page(gathering: Gathering, at: datetime) -> GatheringPage:
    """The invitation, what was decided, and who does it together. Four queries."""
    number = headcount(gathering)
    left = None if gathering.most is None else max(0, gathering.most - number)
    return GatheringPage(
        gathering=gathering,
        chapter=CHAPTERS[gathering.form],
        change=gathering.changes.order_by("-pk").first(),
        # In fives, so that nobody is found by looking twice.
        coming=number - number % FEWEST_SHOWN,
        left=left,
        is_over=gathering.ends_at < at,
        minutes=tuple(_minutes(gathering)),
        partners=tuple(partners(gathering=gathering)),
    )


def _minutes(gathering: Gathering) -> QuerySet[Minute]:
    """The lines, each with its project, and whether it `is_card` of the place now."""
    key = Concat(Value("minute:"), Cast(OuterRef("pk"), CharField()), Value(":"))
    cards = AssetCard.objects.filter(key__startswith=key, removed_at__isnull=True)
    return gathering.minutes.select_related("project").annotate(is_card=Exists(cards))


def gathering_desk(gathering: Gathering, at: datetime) -> GatheringDesk:
    """The same with who comes."""
    known = _known(gathering, at)
    return GatheringDesk(
        page=gathering_page(gathering, at),
        guests=tuple(known),
        forgotten=gathering.sign_ups.count() - len(known),
        has_begun=gathering.starts_at - DOORS <= at,
        may_be_removed=may_be_removed(gathering),
        headcount=headcount(gathering),
    )


def asked_of(organisation: Organisation) -> QuerySet[Cooperation]:
    """What an organisation was asked to take part in, newest first."""
    return (
        Cooperation.objects.filter(organisation=organisation)
        .select_related("gathering__organisation", "fair__organisation", "project__organisation")
        .order_by("-pk")
    )


def asked_by(organisation: Organisation) -> QuerySet[Cooperation]:
    """Whom an organisation has asked, newest first."""
    own = (
        Q(gathering__organisation=organisation)
        | Q(fair__organisation=organisation)
        | Q(project__organisation=organisation)
    )
    return (
        Cooperation.objects.filter(own)
        .select_related("organisation", "gathering", "fair", "project")
        .order_by("-pk")
    )


GUESTS_KEPT = timedelta(days=365)
