"""What a story tells of the time after: repayments, dividends, and what was done with a vehicle."""

from datetime import date
from functools import partial
from typing import Any

from moneyed import Money

from invest.models import Project, User, Vehicle
from invest.payouts import distributions, repayments
from invest.projects import assessments
from invest.scenario.bank import leaves
from invest.scenario.stage import BY, Data, Stage


def repaid(stage: Stage, told: Data, vehicle: Vehicle, slug: str) -> None:
    start = stage.day(told["from"])
    stopped = stage.day(told["stopped"]) if "stopped" in told else date.max

    def begin() -> None:
        plan = repayments.make_plan(vehicle=vehicle, on=start)
        for instalment in plan.instalments.filter(due_on__lt=stopped):
            stage.at(instalment.due_on, partial(pay, instalment))

    def pay(instalment: Any) -> None:
        owed = repayments.owed_on(instalment).total_minor
        if not owed:
            return  # A quarter without interest on an interest-free bullet: nothing is due.
        key = f"repayment:{instalment.pk}"
        repayments.repay(instalment=instalment, on=instalment.due_on, by=BY, key=key)
        leaves(stage, slug, instalment.due_on)

    stage.at(start, begin)


def dividend(stage: Stage, told: Data, vehicle: Vehicle, slug: str) -> None:
    dee = User.objects.get(email="dee@bjorkdalen.example")
    eva = User.objects.get(email="eva@bjorkdalen.example")
    slot: dict[str, Any] = {}

    def compute() -> None:
        slot["it"] = distributions.compute(
            vehicle=vehicle,
            total=Money(told["kr"], "SEK"),
            record_on=stage.day(told["record"]),
            reason=told["reason"],
            by=dee,
            key=f"demo:dividend:{vehicle.slug}",
        )

    def approve() -> None:
        distributions.approve(distribution=slot["it"], by=eva, on=stage.day(told["approved"]))

    def pay() -> None:
        distributions.pay(distribution=slot["it"], by=dee, on=stage.day(told["paid"]))
        leaves(stage, slug, stage.day(told["paid"]))

    stage.at(stage.day(told["computed"]), compute)
    stage.at(stage.day(told["approved"]), approve)
    stage.at(stage.day(told["paid"]), pay)


def assessed(stage: Stage, told: Data, project: Project) -> None:
    """How the enterprise saw itself on a day."""
    on = stage.day(told["on"])
    see = partial(
        assessments.assess,
        project=project,
        pays=told["pays"],
        answers=told["answers"],
        evidence=told["evidence"],
        words=told["words"],
        on=on,
        next_on=stage.day(told["next"]),
        by=BY,
        key=f"demo:assessed:{project.slug}:{on}",
    )
    stage.at(on, see)
