"""What is published, frozen: figures, goals, milestones, words, and the books they rest on.

Made once when it is drafted, as of a day and as known then; from there on it is only read.
Amounts are whole öre, quantities whole numbers or decimals as text, days ISO 8601.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max, Q
from django.utils import translation

from invest.kinds.actions import SnapshotOf
from invest.kinds.kind import Kind
from invest.models import (
    InKindEvent,
    Milestone,
    Organisation,
    PledgeEvent,
    Project,
    Update,
    Vehicle,
)
from invest.progress import goals
from invest.progress.progress import progress
from invest.vehicles import actions
from pools.models import Ledger
from pools.money import ore
from reports.publish.parts import MONEY, Crowd, Known, Log, met, pointing
from reports.publish.signature import moment_text

TYPE = "byakassan.publication/1"
LANGUAGES = ("sv", "en")
MOST_UPDATES = 12
Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """What its author says, in Swedish and (empty: the Swedish) in English."""

    title_sv: str
    text_sv: str
    use_sv: str = ""
    title_en: str = ""
    text_en: str = ""
    use_en: str = ""

    def in_language(self, language: str) -> dict[str, str]:
        """Title, text and use of funds in a language."""
        said = {
            "title": (self.title_sv, self.title_en),
            "text": (self.text_sv, self.text_en),
            "use_of_funds": (self.use_sv, self.use_en),
        }
        return {
            name: english if language == "en" and english else swedish
            for name, (swedish, english) in said.items()
        }


def freeze(
    *,
    organisation: Organisation,
    project: Project | None,
    as_of: date,
    words: Words,
    at: datetime,
    log: Log,
    before: Iterable[Crowd],
) -> Content:
    """The content of a publication of a project, or (None) of all the organisation's projects.

    `before` is what was told earlier: counts of people and help in kind that would point at
    somebody beside it are left out (`few`), and sums of money only where fewer than five persons
    make them up, or make the difference between two sums here. Call it inside a transaction that
    locks the ledgers, so that nothing is booked between figures and heads.
    """
    projects = Project.objects.filter(organisation=organisation)
    if project is not None:
        projects = projects.filter(pk=project.pk)
    chosen = projects.in_bulk()
    vehicles = list(Vehicle.objects.filter(project__in=chosen).order_by("name", "pk"))
    heads = list(_ledger_heads(organisation, vehicles))
    known = Known(
        event=PledgeEvent.objects.aggregate(last=Max("pk"))["last"] or 0,
        help=InKindEvent.objects.aggregate(last=Max("pk"))["last"] or 0,
        seqs={head["ledger"]: head["seq"] for head in heads},
    )
    standings = [(v, actions.snapshot(v, as_of)) for v in vehicles]
    plants = [(v, now) for v, now in standings if now.kind.right == "KWH"]
    scope = project.pk if project else None
    return {
        "type": TYPE,
        "organisation": {"slug": organisation.slug, "name": organisation.name},
        "project": {"slug": project.slug, "name": project.name} if project else None,
        "as_of": as_of.isoformat(),
        "known_to": {"at": moment_text(at), "event": known.event, "help": known.help},
        "heads": heads,
        "figures": [
            *_of_people(log, scope, as_of, known, before),
            _enabled(chosen, as_of),
            *_produced(plants),
        ],
        "goals": list(_goals(chosen, as_of)),
        "milestones": list(_milestones(chosen, as_of)),
        "words": {
            language: _words(words, language, chosen, as_of, plants) for language in LANGUAGES
        },
    }


def known_of(content: Content) -> Known:
    """What was known when a content was frozen."""
    told = content["known_to"]
    seqs = {head["ledger"]: head["seq"] for head in content["heads"]}
    return Known(event=told["event"], help=told["help"], seqs=seqs)


def shown_crowds(log: Log, project: int | None, content: Content) -> list[Crowd]:
    """The figures of people that a content tells, as parts; those it left out are not told."""
    told = {figure["code"] for figure in content["figures"] if not figure.get("few")}
    crowds = log.crowds(project, date.fromisoformat(content["as_of"]), known_of(content))
    return [crowd for crowd in crowds if crowd.code in told]


def _ledger_heads(organisation: Organisation, vehicles: list[Vehicle]) -> Iterator[dict[str, Any]]:
    ledgers = Ledger.objects.filter(
        Q(organisation=organisation)
        | Q(pools__vehicle__in=vehicles)
        | Q(vehicle__in=vehicles)
        | Q(rights_of__in=vehicles),
        head_seq__gt=0,
    )
    for ledger in ledgers.distinct().order_by("code"):
        yield {"ledger": ledger.code, "seq": ledger.head_seq, "seal": ledger.head_seal}


def _of_people(
    log: Log, project: int | None, as_of: date, known: Known, before: Iterable[Crowd]
) -> Iterator[dict[str, Any]]:
    crowds = log.crowds(project, as_of, known)
    # Of sums told before, the second person is asked (`verbs.approve`): a sum of money that would
    # silently be missing would tell less than the truth.
    counted = [told for told in before if told.series != MONEY]
    hidden = set(pointing(crowds, counted))
    for crowd in crowds:
        figure: dict[str, Any] = {"code": crowd.code, "unit": crowd.series}
        if crowd.code.startswith("help-"):
            figure["unit"] = crowd.code.removeprefix("help-")
        if crowd.code == "needs":
            figure["of"] = log.asked(project)
        if crowd.code in hidden:
            figure["few"] = True
        elif crowd.series == MONEY:
            figure["minor"] = int(crowd.total)
        else:
            figure["value"] = met(crowd) if crowd.code == "needs" else _plain(crowd.total)
        yield figure


def _plain(number: Decimal) -> int | str:
    """Whole numbers as they are, others as text: a float would not be the same everywhere."""
    whole = number.to_integral_value()
    return int(whole) if number == whole else f"{number.normalize():f}"


def _enabled(projects: Mapping[int, Project], as_of: date) -> dict[str, Any]:
    """Signed bank loans: nobody's savings, so they point at nobody."""
    found = progress(Q(pk__in=projects), as_of).values()
    return {
        "code": "enabled",
        "unit": MONEY,
        "minor": sum(part.sums.enabled_minor for part in found),
    }


def _produced(plants: list[tuple[Vehicle, SnapshotOf[Kind]]]) -> Iterator[dict[str, Any]]:
    """Kilowatt-hours by month, summed over the plants; a month with an estimate says so."""
    months: dict[str, int] = defaultdict(int)
    estimated: set[str] = set()
    for _vehicle, now in plants:
        sheet = next(s for s in now.kind.sheets() if s.name == "production")
        names = [column.name for column in sheet.columns]
        for row in sheet.rule(now.kind, now):
            told = dict(zip(names, row, strict=True))
            months[told["month"]] += told["kwh"]
            if told["estimated"]:
                estimated.add(told["month"])
    for month, kwh in sorted(months.items()):
        figure: dict[str, Any] = {"code": "produced", "unit": "KWH", "month": month, "value": kwh}
        yield figure | ({"estimated": True} if month in estimated else {})


def _goals(projects: Mapping[int, Project], as_of: date) -> Iterator[dict[str, Any]]:
    """Every goal that has been in force, each revision with its day and reason, oldest first."""
    revisions = goals.so_far(as_of).filter(offering__vehicle__project__in=projects)
    offerings: dict[int, int] = {}
    for goal in revisions.select_related("offering__vehicle__project"):
        vehicle = goal.offering.vehicle
        yield {
            "project": vehicle.project.slug if vehicle.project else "",
            "offering": offerings.setdefault(goal.offering_id, len(offerings) + 1),
            "number": goal.number,
            "on": goal.on.isoformat(),
            "min_minor": ore(goal.goal_min),
            "max_minor": ore(goal.goal_max),
            "reason_sv": goal.reason_sv,
            "reason_en": goal.reason_en,
        }


def _milestones(projects: Mapping[int, Project], as_of: date) -> Iterator[dict[str, Any]]:
    """Aims by planned day; one reached after the day is not reached yet."""
    for aim in Milestone.objects.filter(project__in=projects).order_by("planned_on", "pk"):
        is_reached = aim.reached_on is not None and aim.reached_on <= as_of
        yield {
            "project": projects[aim.project_id].name,
            "planned_on": aim.planned_on.isoformat(),
            "reached_on": aim.reached_on.isoformat() if aim.reached_on and is_reached else "",
            "sv": aim.text_sv,
            "en": aim.text_en,
        }


def _words(
    words: Words,
    language: str,
    projects: Mapping[int, Project],
    as_of: date,
    plants: list[tuple[Vehicle, SnapshotOf[Kind]]],
) -> dict[str, Any]:
    news = Update.objects.filter(project__in=projects, on__lte=as_of).order_by("-on", "-pk")
    with translation.override(language):
        return {
            **words.in_language(language),
            "updates": [
                {
                    "on": update.on.isoformat(),
                    "project": projects[update.project_id].name,
                    "title": update.title,
                    "text": update.text,
                }
                for update in news[:MOST_UPDATES]
            ],
            "plants": [
                {
                    "name": vehicle.name,
                    "figures": [[str(label), str(value)] for label, value in told],
                }
                for vehicle, now in plants
                if (told := now.kind.publish(now))
            ],
        }
