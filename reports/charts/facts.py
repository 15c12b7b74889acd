"""Single figures of each part of a report, in words."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from invest.web.wording import unit_label
from pools.wording import decimal_text, kronor_text, number_text, percent_text
from reports import figures
from reports.charts.drawing import few_text
from reports.figures import FairFrames, energy, saving


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure in words, and what it is of."""

    label: str
    value: str


def _days(number: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", number) % {"n": number_text(number)}


def _percent(share: float) -> str:
    return percent_text(round(100 * share))


def _raised(frames: FairFrames) -> list[Fact]:
    facts = []
    if (share := figures.promises_kept(frames)) is not None:
        facts.append(Fact(_("Paid of what was confirmed 90 days ago or more"), _percent(share)))
    if (days := figures.days_to_pay(frames)) is not None:
        facts.append(Fact(_("Median from confirmed to paid"), _days(days)))
    _reached, half, whole = figures.days_to_goal(frames)
    if half is not None:
        facts.append(Fact(_("Median to half of the goal, where reached"), _days(half)))
    if whole is not None:
        facts.append(Fact(_("Median to the whole goal, where reached"), _days(whole)))
    return facts


def _help(frames: FairFrames) -> list[Fact]:
    facts = []
    needs = figures.needs_met(frames)
    if needs.needs:
        told = _("%(met)s of %(all)s") % {
            "met": number_text(needs.met),
            "all": number_text(needs.needs),
        }
        facts.append(Fact(_("Needs of help that are met"), told))
    facts += [
        Fact(
            _("Verified of what was accepted, %(unit)s") % {"unit": unit_label(row.unit)},
            _percent(row.share),
        )
        for row in figures.fulfilment(frames).itertuples()
    ]
    worth = figures.help_worth(frames)
    if worth.valued:
        told = few_text() if worth.amount_minor is None else kronor_text(worth.amount_minor)
        facts.append(Fact(_("Value of verified help, for information"), told))
    return facts


def _loans(frames: FairFrames) -> list[Fact]:
    now = figures.repaid(frames)
    facts = []
    if now and now.of_lent is not None:
        facts.append(Fact(_("Paid back of what was lent"), _percent(now.of_lent)))
    if now and now.of_due is not None:
        facts.append(Fact(_("Paid back of what was due"), _percent(now.of_due)))
    for days in (30, 90):
        risk = figures.portfolio_at_risk(frames, days)
        if risk is not None:
            facts.append(Fact(_("Loans at risk (%(days)s days)") % {"days": days}, _percent(risk)))
    return facts


def _fund(frames: FairFrames) -> list[Fact]:
    facts = []
    for fund in figures.funds(frames):
        for label, ratio, words in (
            (_("Used of the capital"), fund.utilisation, _percent),
            (_("Bank loans guaranteed ÷ capital"), fund.leverage, decimal_text),
            (_("Times the capital has gone out"), fund.revolving, decimal_text),
            (_("Net loss of all that was placed"), fund.net_loss, _percent),
        ):
            if ratio is not None:
                facts.append(Fact(label, words(ratio)))
    return facts


def _saving(frames: FairFrames) -> list[Fact]:
    now = saving(frames)
    if now is None:
        return []
    facts = [Fact(_("Loans carried by points"), kronor_text(now.loans_minor))]
    if now.coverage is not None:
        facts.append(
            Fact(_("Carried if what is saved stays"), percent_text(int(100 * now.coverage)))
        )
    return facts


def _energy(frames: FairFrames) -> list[Fact]:
    now = energy(frames)
    if now is None:
        return []
    kwh, kg = _("%(n)s kWh"), _("%(n)s kg")
    facts = [Fact(_("Produced in 12 months"), kwh % {"n": number_text(now.year_kwh)})]
    if now.specific_yield is not None:
        facts.append(Fact(_("kWh for each kilowatt installed"), number_text(now.specific_yield)))
    facts.append(Fact(_("Carbon dioxide avoided"), kg % {"n": number_text(now.carbon_kg)}))
    if now.benefit_minor is not None:
        facts.append(Fact(_("Members' benefit"), kronor_text(now.benefit_minor)))
    return facts


_FACTS: dict[str, Callable[[FairFrames], list[Fact]]] = {
    "raised": _raised,
    "help": _help,
    "loans": _loans,
    "fund": _fund,
    "saving": _saving,
    "energy": _energy,
}


def facts_of(frames: FairFrames, code: str) -> tuple[Fact, ...]:
    """The single figures of a part of a report; what cannot be told is left out."""
    told = _FACTS.get(code)
    return tuple(told(frames)) if told else ()
