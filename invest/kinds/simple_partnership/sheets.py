"""What can be read off a partnership: partners, decisions, who is bound, outlays, results."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from invest.kinds.actions import Column, Row, Shape, Sheet, Snapshot
from invest.kinds.simple_partnership.partners import joined, keys, late_interest, left, to_give
from invest.kinds.simple_partnership.rules import ACTS, SORTS, YES_NO, PartnershipTerms, reckoned


def _partners(kind: PartnershipTerms, now: Snapshot) -> list[Row]:
    gone, owed = left(now), to_give(now)
    return [
        (
            who,
            action.on,
            gone.get(who),
            action.facts["amount"],
            now.held_by("contribution", who),
            owed[who],
            late_interest(now, who),
            *(keys(now, [who], loss=loss)[0] for loss in (False, True)),
        )
        for who, action in joined(now).items()
    ]


def _decisions(kind: PartnershipTerms, now: Snapshot) -> list[Row]:
    sorts = dict(SORTS)
    rows = [
        (d.on, d.facts["what"], sorts[d.facts["sort"]], d.facts["consents"] or [], d.evidence)
        for d in now.of("decide")
    ]
    rows += [
        (d.on, _("Partner no. %(n)s") % {"n": d.facts["holder"]}, _("new partner"),
         d.facts["consents"] or [], d.evidence)
        for d in now.of("partner-in")
    ]  # fmt: skip
    return sorted(rows, key=lambda row: row[0])


def _contracts(kind: PartnershipTerms, now: Snapshot) -> list[Row]:
    jointly = dict(YES_NO)
    return [
        (
            d.on,
            d.facts["what"],
            d.facts["amount"],
            d.facts["partners"],
            jointly[d.facts["jointly"]],
        )
        for d in now.of("contract")
    ]


def _outlays(kind: PartnershipTerms, now: Snapshot) -> list[Row]:
    words = {d.number: d.facts.get("what") for d in now.done}
    labels = {act.name: act.label for act in ACTS}
    return [
        (c.number, c.on, words.get(c.action) or labels.get(c.why.removesuffix("-reversed"), c.why),
         c.amount)
        for c in now.changes
        if c.role == "outlay"
    ]  # fmt: skip


def _results(kind: PartnershipTerms, now: Snapshot) -> list[Row]:
    years = {d.number: d.facts["year"] for d in now.of("result")}
    return [
        (c.number, str(years[c.action]), c.amount)
        for c in now.changes
        if c.action in years and c.role == "result"
    ]


def _settlements(kind: PartnershipTerms, now: Snapshot) -> list[Row]:
    """What each settlement gave, reckoned again from how things stood before it."""
    rows: list[Row] = []
    for action in now.of("dissolve", "settle-exit"):
        before = replace(
            now,
            as_of=action.on,
            done=tuple(d for d in now.done if d.number < action.number),
            changes=tuple(
                c for c in now.changes if c.on <= action.on and c.action != action.number
            ),
        )
        who, base, settlement = reckoned(before, action.facts)
        leaving = before.action(action.facts["leaving"]) if action.act == "settle-exit" else None
        rows += [
            (w, action.on, had, out - had, out)
            for w, had, out in zip(who, base, settlement.out_minor, strict=True)
            if leaving is None or leaving.facts["holder"] == w
        ]
    return rows


SHEETS = (
    Sheet(
        "partners",
        _("Partners"),
        _("What each agreed to put in, and what is still to come"),
        (
            Column("holder", _("Partner"), Shape.HOLDER),
            Column("since", _("Since"), Shape.DAY),
            Column("until", _("Until"), Shape.DAY),
            Column("agreed", _("Agreed"), Shape.KRONOR, is_summed=True),
            Column("given", _("Put in"), Shape.KRONOR, is_summed=True),
            Column("to_give", _("Still to put in"), Shape.KRONOR, is_summed=True),
            Column("late_interest", _("Late interest so far"), Shape.KRONOR),
            Column("profit_key", _("Shares of a profit"), Shape.NUMBER),
            Column("loss_key", _("Shares of a loss"), Shape.NUMBER),
        ),
        _partners,
        for_holders=True,
    ),
    Sheet(
        "decisions",
        _("Decisions"),
        _("And who agreed, by number"),
        (
            Column("on", _("Day"), Shape.DAY),
            Column("what", _("What")),
            Column("sort", _("Sort")),
            Column("consents", _("Who agreed"), Shape.HOLDERS),
            Column("evidence", _("Rests on")),
        ),
        _decisions,
    ),
    Sheet(
        "contracts",
        _("Contracts"),
        _("Only those who took part are bound"),
        (
            Column("on", _("Day"), Shape.DAY),
            Column("what", _("What")),
            Column("amount", _("Amount"), Shape.KRONOR),
            Column("partners", _("Who is bound"), Shape.HOLDERS),
            Column("jointly", _("Each for all")),
        ),
        _contracts,
    ),
    Sheet(
        "outlays",
        _("Outlays"),
        _("What partners have paid for all, with interest, and what was repaid"),
        (
            Column("holder", _("Partner"), Shape.HOLDER),
            Column("on", _("Day"), Shape.DAY),
            Column("what", _("What")),
            Column("amount", _("Amount"), Shape.KRONOR, is_summed=True),
        ),
        _outlays,
        for_holders=True,
    ),
    Sheet(
        "results",
        _("Results"),
        _("Each year's result, shared"),
        (
            Column("holder", _("Partner"), Shape.HOLDER),
            Column("year", _("Year")),
            Column("amount", _("Share"), Shape.KRONOR, is_summed=True),
        ),
        _results,
        for_holders=True,
    ),
    Sheet(
        "settlement",
        _("Settlement"),
        _("Contributions back first, then profit or loss; below zero the partner owes"),
        (
            Column("holder", _("Partner"), Shape.HOLDER),
            Column("on", _("Day"), Shape.DAY),
            Column("base", _("Had in it"), Shape.KRONOR, is_summed=True),
            Column("result", _("Profit or loss"), Shape.KRONOR, is_summed=True),
            Column("out", _("Gets, or owes"), Shape.KRONOR, is_summed=True),
        ),
        _settlements,
        for_holders=True,
    ),
)
