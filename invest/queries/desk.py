"""What those who keep the money see: lines that wait, what might fit them, promises to handle."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from invest import access
from invest.matching import PAYABLE
from invest.models import (
    Call,
    Fair,
    Match,
    Organisation,
    Pitch,
    Place,
    Pledge,
    PledgeEvent,
    Project,
    Role,
)
from invest.queries.figures import latest_events
from invest.queries.vehicles import VEHICLE_KINDS
from pools.bank.references import find_ocrs
from pools.models import BankAccount, BankLine, BankStatement

# Which roles open which desk.
BANK_KINDS = (Role.Kind.TREASURER,)
PLEDGE_KINDS = (Role.Kind.TREASURER, Role.Kind.ORGANISER)
HELP_KINDS = (Role.Kind.PROJECT_OWNER, Role.Kind.TREASURER, Role.Kind.ORGANISER)
ANSWER_KINDS = (Role.Kind.PROJECT_OWNER, Role.Kind.TREASURER)
LIMIT_KINDS = (
    Role.Kind.TREASURER,
    Role.Kind.APPROVER,
    Role.Kind.AUDITOR,
    Role.Kind.ORGANISER,
)
PUBLISH_KINDS = (
    Role.Kind.PROJECT_OWNER,
    Role.Kind.TREASURER,
    Role.Kind.ORGANISER,
    Role.Kind.APPROVER,
)
LOOK_KINDS = (Role.Kind.TREASURER, Role.Kind.APPROVER)
DISTRIBUTION_KINDS = (Role.Kind.TREASURER, Role.Kind.APPROVER, Role.Kind.AUDITOR)

_STANDING = Q(matches__entry__reversed_by__isnull=True)


@dataclass(frozen=True)
class OpenCall:
    """A call that waits for money, and what is left of it, in öre."""

    call: Call
    left_minor: int


@dataclass(frozen=True)
class Suggestion:
    """A call that might be what a line paid, and why we think so. Never paired by itself."""

    open_call: OpenCall
    why: str


@dataclass(frozen=True)
class WaitingLine:
    """A bank line with something left to pair, in öre."""

    line: BankLine
    left_minor: int
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True)
class BankPage:
    """An organisation's bank desk."""

    bank_account: BankAccount
    waiting: tuple[WaitingLine, ...]
    matched: tuple[Match, ...]
    statements: tuple[BankStatement, ...]


def bank_page(bank_account: BankAccount, lines: QuerySet[BankLine]) -> BankPage:
    """The desk of one account; `lines` are those the user may see."""
    own = lines.filter(statement__bank_account=bank_account)
    matches = Match.objects.filter(line__in=own, entry__reversed_by__isnull=True)
    return BankPage(
        bank_account=bank_account,
        waiting=tuple(waiting(own, open_calls(bank_account))),
        matched=tuple(
            matches.select_related("line", "call__pledge__person", "entry").order_by("-pk")[:20]
        ),
        statements=tuple(bank_account.statements.order_by("-imported_at", "-pk")[:8]),
    )


def waiting(lines: QuerySet[BankLine], calls: list[OpenCall]) -> list[WaitingLine]:
    """Lines in with something left to pair, oldest first, with suggestions."""
    rows = (
        lines.filter(amount_minor__gt=0)
        .annotate(
            left=F("amount_minor") - Coalesce(Sum("matches__amount_minor", filter=_STANDING), 0)
        )
        .filter(left__gt=0)
        .order_by("booked_on", "pk")
    )
    return [WaitingLine(line, line.left, tuple(suggest(line, line.left, calls))) for line in rows]


def suggest(line: BankLine, left_minor: int, calls: list[OpenCall]) -> list[Suggestion]:
    """Calls whose reference stands in the text, then those with just this amount; at most five."""
    named = {line.ocr, *find_ocrs(line.message)}
    by_text = [Suggestion(c, _("its reference")) for c in calls if c.call.ocr in named]
    by_amount = [
        Suggestion(c, _("same amount"))
        for c in calls
        if c.left_minor == left_minor and c.call.ocr not in named
    ]
    return (by_text + by_amount)[:5]


def open_calls(bank_account: BankAccount) -> list[OpenCall]:
    """Calls of the account's books that wait for money, by due day."""
    payable = latest_events(date.max).filter(to_state__in=PAYABLE)
    rows = (
        Call.objects.filter(
            pledge__offering__vehicle__pool__ledger=bank_account.account.ledger_id,
            pledge__in=payable.values("pledge"),
        )
        .select_related("pledge__person", "pledge__offering__vehicle")
        .annotate(
            left=F("amount_minor") - Coalesce(Sum("matches__amount_minor", filter=_STANDING), 0)
        )
        .filter(left__gt=0)
        .order_by("due_on", "pk")
    )
    return [OpenCall(call, call.left) for call in rows]


@dataclass(frozen=True, slots=True)
class Desk:
    """An organisation that a user works for, and which of its desks the roles open."""

    organisation: Organisation
    has_bank: bool
    has_pledges: bool
    has_distributions: bool
    has_registers: bool
    has_limits: bool
    has_publications: bool
    has_places: bool
    places: tuple[Place, ...]
    helped: tuple[Project, ...]
    fairs: tuple[Fair, ...]
    invitations: tuple[Pitch, ...]


def _invitations(organisations: QuerySet[Organisation]) -> QuerySet[Pitch]:
    """Fairs to come that wait for an answer from projects of these."""
    return (
        Pitch.objects.filter(
            project__organisation__in=organisations,
            invited_on__isnull=False,
            accepted_on__isnull=True,
            declined_on__isnull=True,
            fair__ends_at__gte=timezone.now(),
        )
        .select_related("fair", "project")
        .order_by("fair__starts_at", "pk")
    )


def desks(user: access.Visitor) -> list[Desk]:
    """The desks of a user's roles, by organisation, with what waits for an answer. 13 queries."""
    bank = set(access.organisations_for(user, *BANK_KINDS))
    promised = set(access.organisations_for(user, *PLEDGE_KINDS))
    payouts = set(access.organisations_for(user, *DISTRIBUTION_KINDS))
    kept = set(access.organisations_for(user, *VEHICLE_KINDS))
    watched = set(access.organisations_for(user, *LIMIT_KINDS))
    publishing = set(access.organisations_for(user, *PUBLISH_KINDS))
    helping = access.organisations_for(user, *HELP_KINDS)
    organised = access.organisations_for(user, Role.Kind.ORGANISER)
    keeping = set(organised)
    projects, fairs, invited = defaultdict(list), defaultdict(list), defaultdict(list)
    places = defaultdict(list)
    for pitch in _invitations(access.organisations_for(user, *ANSWER_KINDS)):
        invited[pitch.project.organisation_id].append(pitch)
    for project in Project.objects.filter(organisation__in=helping).order_by("name"):
        projects[project.organisation_id].append(project)
    for place in Place.objects.filter(organisation__in=organised).order_by("name"):
        places[place.organisation_id].append(place)
    for fair in Fair.objects.filter(organisation__in=organised).order_by("-starts_at"):
        fairs[fair.organisation_id].append(fair)
    return [
        Desk(
            organisation,
            has_bank=organisation in bank,
            has_pledges=organisation in promised,
            has_distributions=organisation in payouts,
            has_registers=organisation in kept,
            has_limits=organisation in watched,
            has_publications=organisation in publishing,
            has_places=organisation in keeping,
            places=tuple(places[organisation.pk]),
            helped=tuple(projects[organisation.pk]),
            fairs=tuple(fairs[organisation.pk]),
            invitations=tuple(invited[organisation.pk]),
        )
        for organisation in sorted(
            bank | promised | payouts | kept | watched | publishing, key=lambda found: found.name
        )
    ]


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many pledges stand in a state."""

    label: str
    number: int


def pledges_of(
    pledges: QuerySet[Pledge], organisation: Organisation, state: str
) -> QuerySet[PledgeEvent]:
    """What pledges to an organisation are now, in a state (empty: all), newest pledge first."""
    own = pledges.filter(offering__vehicle__organisation=organisation)
    rows = latest_events(date.max).filter(pledge__in=own)
    if state:
        rows = rows.filter(to_state=state)
    return rows.select_related("pledge__person", "pledge__offering__vehicle__project").order_by(
        "-pledge"
    )


def count_states(pledges: QuerySet[Pledge], organisation: Organisation) -> dict[str, StateCount]:
    """State → how many pledges stand in it, in the order of a pledge's life; none are left out."""
    rows = pledges_of(pledges, organisation, "").order_by()
    counted = dict(rows.values_list("to_state").annotate(Count("pk")))
    return {
        state: StateCount(str(PledgeEvent.State(state).label), counted[state])
        for state in PledgeEvent.State.values
        if state in counted
    }
