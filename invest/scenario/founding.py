"""Projects as a story tells them: founded with their papers, and open to promises."""

from functools import partial

from moneyed import Money

from invest import legal_review
from invest.models import FinanceSource, Milestone, Need, Offering, Pitch, Project, Update
from invest.projects import stages
from invest.scenario.stage import BY, Data, Stage
from invest.vehicles import offerings


def project(stage: Stage, told: Data, copy: str = "") -> Project:
    """The project with its papers, stages and pitches; `copy` ends its name."""
    organisation = stage.organisations[told["organisation"]]
    founded = Project.objects.create(
        slug=told["slug"] + copy,
        organisation=organisation,
        name=told["name"] + copy.replace("-", " "),
        sector=told["sector"],
        municipality="Björkdalen",
        summary_sv=told["summary_sv"],
        summary_en=told["summary_en"],
        story_sv=told["story_sv"],
        story_en=told["story_en"],
        use_of_money_sv=told["use_sv"],
        use_of_money_en=told["use_en"],
    )
    stage.summary.projects += 1
    _papers(stage, told, founded)
    for on, to in told["stages"]:
        stage.at(
            stage.day(on),
            partial(stages.set_stage, project=founded, to=to, on=stage.day(on), by=BY),
        )
    for fair in stage.story["fair"]:
        if told["slug"] in fair["pitches"]:
            Pitch.objects.create(
                fair=stage.fairs[fair["slug"]],
                project=founded,
                position=Pitch.objects.filter(fair=stage.fairs[fair["slug"]]).count() + 1,
                accepted_on=stage.day(told["stages"][0][0]),
            )
    return founded


def _papers(stage: Stage, told: Data, project: Project) -> None:
    for row in told["needs"]:
        Need.objects.create(
            project=project,
            text_sv=row["sv"],
            text_en=row["en"],
            money=Money(row["kr"], "SEK") if "kr" in row else None,  # type: ignore[misc] # django-money has no stubs
            quantity=row.get("quantity"),
            unit=row.get("unit", ""),
        )
    for row in told.get("finance", []):
        FinanceSource.objects.create(
            project=project,
            kind=row["kind"],
            text_sv=row["sv"],
            text_en=row["en"],
            amount=Money(row["kr"], "SEK"),  # type: ignore[misc] # django-money has no stubs
            signed_on=stage.day(row["signed"]) if "signed" in row else None,
        )
    for row in told.get("updates", []):
        Update.objects.create(
            project=project,
            on=stage.day(row["on"]),
            title_sv=row["title_sv"],
            title_en=row["title_en"],
            text_sv=row["sv"],
            text_en=row["en"],
        )
    for row in told.get("milestones", []):
        Milestone.objects.create(
            project=project,
            text_sv=row["sv"],
            text_en=row["en"],
            planned_on=stage.day(row["planned"]),
            reached_on=stage.day(row["reached"]) if "reached" in row else None,
        )


def offer(stage: Stage, told: Data, project: Project) -> Offering:
    opens = stage.day(told["opens"])
    vehicle = offerings.open_vehicle(
        kind=told["kind"],
        slug=project.slug,
        name=told["name"],
        organisation=project.organisation,
        project=project,
        terms=told["terms"],
        on=opens,
    )
    for gate in told.get("gates", []):
        legal_review.look_into(
            organisation=project.organisation, on=opens, by=BY, decided="ok", **gate
        )
    offering = offerings.open_offering(
        vehicle=vehicle,
        opens_on=opens,
        closes_on=stage.day(told["closes"]),
        minimum=Money(told["minimum"], "SEK"),
        maximum=Money(told["maximum"], "SEK") if "maximum" in told else None,
        goal_min=Money(told["goal_min"], "SEK"),
        goal_max=Money(told["goal_max"], "SEK"),
        # Room for more than the goal: a revision may follow, and a project tells what came.
        cap=Money(told.get("cap", max(told["goal_max"] * 2, 100_000)), "SEK"),
    )
    for row in told.get("revisions", []):
        stage.at(
            stage.day(row["on"]),
            partial(
                offerings.revise_goal,
                offering=offering,
                goal_min=Money(row["goal_min"], "SEK"),
                goal_max=Money(row["goal_max"], "SEK"),
                on=stage.day(row["on"]),
                reason_sv=row["sv"],
                reason_en=row["en"],
            ),
        )
    return offering
