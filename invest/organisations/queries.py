"""What the pages of organisations show: what was raised, and what came back."""

from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value

from invest.models import (
    Cooperation,
    Distribution,
    Fair,
    Gathering,
    Milestone,
    Organisation,
    Project,
    Repayment,
)
from invest.progress.goals import Goal
from invest.progress.listed import ListedProject
from invest.progress.progress import Progress, progress, total
from invest.progress.savers import count_savers
from invest.progress.stages import with_stage
from invest.progress.sums import Sums
from invest.web.wording import in_language


@dataclass(frozen=True)
class OrganisationCard:
    """An organisation in a list, with its sums."""

    organisation: Organisation
    sums: Sums
    projects: int


@dataclass(frozen=True, slots=True)
class PaidBack:
    """Money that came back to savers on a day, in öre: a repayment, or a share of a surplus."""

    what: str
    on: date
    vehicle: str
    first_minor: int
    second_minor: int

    @property
    def total_minor(self) -> int:
        """Principal and interest of a repayment, or a whole payout."""
        return self.first_minor + self.second_minor


@dataclass(frozen=True, slots=True)
class NextStep:
    """The nearest milestone not yet reached, over all projects."""

    project: Project
    planned_on: date
    text_sv: str
    text_en: str

    @property
    def text(self) -> str:
        """In the reader's language."""
        return in_language(self.text_sv, self.text_en)


@dataclass(frozen=True, slots=True)
class GoalMove:
    """A goal that was revised."""

    project: Project
    goal: Goal


@dataclass(frozen=True)
class OrganisationPage:
    """All that an organisation's page shows."""

    organisation: Organisation
    cards: tuple[ListedProject, ...]
    sums: Sums
    paid_back: tuple[PaidBack, ...]
    next_step: NextStep | None
    voucher_debt_minor: int
    as_of: date

    @property
    def about(self) -> str:
        """The organisation's own words in the reader's language."""
        return in_language(self.organisation.about_sv, self.organisation.about_en)

    @property
    def goal_moves(self) -> list[GoalMove]:
        """Every revision of a goal, newest first."""
        moves = [
            GoalMove(card.project, goal)
            for card in self.cards
            for offer in card.progress.offers
            for goal in offer.goals[1:]
        ]
        return sorted(moves, key=lambda move: move.goal.on, reverse=True)

    @property
    def risks(self) -> list[str]:
        """The main risk of each kind of offering, once."""
        kinds = (kind for card in self.cards for kind in card.progress.kinds)
        return list(dict.fromkeys(str(kind.risk) for kind in kinds))

    @property
    def repaid_minor(self) -> int:
        """Principal repaid so far, in öre."""
        return sum(paid.first_minor for paid in self.paid_back if paid.what == "repayment")

    @property
    def interest_minor(self) -> int:
        """Interest paid so far, in öre."""
        return sum(paid.second_minor for paid in self.paid_back)

    @property
    def distributed_minor(self) -> int:
        """Surplus paid out so far, in öre."""
        return sum(paid.first_minor for paid in self.paid_back if paid.what == "distribution")


def organisation_cards(as_of: date) -> list[OrganisationCard]:
    """Organisations that run projects, by name. Five queries and one for the savers of each sum."""
    found = progress(Q(), as_of)
    projects: dict[int, list[int]] = {}
    for pk, organisation in Project.objects.values_list("pk", "organisation_id"):
        projects.setdefault(organisation, []).append(pk)
    return [
        OrganisationCard(
            organisation,
            total([found[pk] for pk in projects[organisation.pk] if pk in found], savers=0),
            len(projects[organisation.pk]),
        )
        for organisation in Organisation.objects.filter(pk__in=projects).order_by("name")
    ]


def organisation_page(organisation: Organisation, as_of: date) -> OrganisationPage:
    """The page of one organisation, fetched by `vouchers.with_debt`. Seven queries."""
    waiting = Milestone.objects.filter(project=OuterRef("pk"), reached_on__isnull=True).order_by(
        "planned_on", "pk"
    )
    projects = (
        with_stage(organisation.projects.select_related("organisation"), as_of)
        .annotate(
            next_on=Subquery(waiting.values("planned_on")[:1]),
            next_sv=Subquery(waiting.values("text_sv")[:1]),
            next_en=Subquery(waiting.values("text_en")[:1]),
        )
        .order_by("name")
    )
    found = progress(Q(organisation=organisation), as_of)
    listed = list(projects)
    steps = [
        NextStep(project, project.next_on, project.next_sv or "", project.next_en or "")
        for project in listed
        if project.next_on is not None
    ]
    return OrganisationPage(
        organisation=organisation,
        cards=tuple(
            ListedProject(project, project.stage or "", found.get(project.pk, Progress(as_of)))
            for project in listed
        ),
        sums=total(
            found.values(),
            savers=count_savers(
                as_of, Q(pledge__offering__vehicle__project__organisation=organisation)
            ),
        ),
        paid_back=tuple(_paid_back(organisation, as_of)),
        next_step=min(steps, key=lambda step: step.planned_on, default=None),
        voucher_debt_minor=100 * getattr(organisation, "voucher_debt", 0),
        as_of=as_of,
    )


def _paid_back(organisation: Organisation, as_of: date) -> list[PaidBack]:
    repayments = (
        Repayment.objects.standing(as_of)
        .filter(instalment__plan__vehicle__organisation=organisation)
        .order_by()
        .values_list(
            Value("repayment", output_field=CharField()),
            F("paid_on"),
            F("instalment__plan__vehicle__name"),
            F("principal_minor"),
            F("interest_minor"),
        )
    )
    payouts = (
        Distribution.objects.filter(
            vehicle__organisation=organisation, paid_entry__booked_on__lte=as_of
        )
        .order_by()
        .values_list(
            Value("distribution", output_field=CharField()),
            F("paid_entry__booked_on"),
            F("vehicle__name"),
            F("total_minor"),
            Value(0),
        )
    )
    rows = repayments.union(payouts, all=True)
    return [PaidBack(*row) for row in sorted(rows, key=lambda row: row[1], reverse=True)]


def with_debt(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Annotate `voucher_debt`: kronor on vouchers that are given out and not used."""
    return organisations.annotate(voucher_debt=Sum("vehicles__voucher_codes__left", default=0))


def partners(**thing: Gathering | Fair | Project) -> QuerySet[Cooperation]:
    """Organisations that have said yes to a part in a thing."""
    return Cooperation.objects.filter(accepted_on__isnull=False, **thing).select_related(
        "organisation"
    )
