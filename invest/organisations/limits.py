"""The limit watch: what law lets an organisation do, how near it is, and who has looked.

Contracts that have ended count as long as the law counts them: by the day they were confirmed, not
by what became of them. Every threshold is a dated setting.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from invest import dated_settings, legal_review
from invest.kinds import KINDS
from invest.kinds.kind import Kind
from invest.kinds.schedules import months_after
from invest.models import Gate, Organisation, PledgeEvent, Project, Vehicle
from invest.vehicles import actions
from pools.wording import kronor_text, number_text

State = PledgeEvent.State
# A promise that was confirmed and then called off counts for nothing.
_CALLED_OFF = (State.WITHDRAWN, State.DECLINED, State.RELEASED, State.LAPSED)


@dataclass(frozen=True)
class Watched:
    """A rule: how things stand, the limit, where it is written, and the last look that stands."""

    code: str
    label: str
    value: str
    limit: str
    share: Fraction | None
    needs_a_look: bool
    source: str
    what_to_do: str
    gate: Gate | None
    near_pct: int

    @property
    def state(self) -> str:
        """`ok`, `near`, `over` or `look`."""
        if self.share is not None and self.share > 1:
            return "over"
        if self.share is not None and 100 * self.share >= self.near_pct:
            return "near"
        return "look" if self.needs_a_look else "ok"

    @property
    def is_open(self) -> bool:
        """Whether somebody must look, and nobody has said that it is all right."""
        cleared = self.gate is not None and self.gate.decided == Gate.Decided.OK
        return self.state != "ok" and not cleared

    @property
    def tone(self) -> str:
        """The class that colours it."""
        if self.state == "ok":
            return "is-good"
        return "is-bad" if self.is_open else "is-warm"


def watch(organisation: Organisation, on: date) -> list[Watched]:
    """Everything that is watched for an organisation on a day."""
    found = [
        *_prospectus(organisation, on),
        *_spread(organisation, on),
        *_lending(organisation, on),
        *_words(organisation),
        *_goods(organisation),
        *_questions(organisation),
        *_ceilings(organisation, on),
    ]
    near = dated_settings.value("limit-near-pct", on)
    return [
        Watched(
            **{"share": None, "needs_a_look": False, "limit": "–", **told},
            gate=legal_review.gate(organisation, told["code"], on),
            near_pct=near,
        )
        for told in found
    ]


def _counted(organisation: Organisation, kinds: list[str]) -> Any:
    """The first confirmation of every promise that was not called off."""
    off = PledgeEvent.objects.filter(
        pledge__offering__vehicle__organisation=organisation, to_state__in=_CALLED_OFF
    )
    return PledgeEvent.objects.filter(
        pledge__offering__vehicle__organisation=organisation,
        pledge__offering__vehicle__kind__in=kinds,
        to_state=State.CONFIRMED,
    ).exclude(pledge__in=off.values("pledge"))


def _securities() -> list[str]:
    return [code for code, kind in KINDS.items() if kind.is_security]


def _prospectus(organisation: Organisation, on: date) -> list[dict[str, Any]]:
    offered = _counted(organisation, _securities()).filter(on__gt=months_after(on, -12), on__lte=on)
    minor = offered.aggregate(total=Sum("amount_minor"))["total"] or 0
    if not minor:
        return []
    euro = dated_settings.row("prospectus-eur", on)
    rate = Fraction(str(dated_settings.value("sek-per-euro", on)))
    most = int(Fraction(str(euro.value)) * rate * 100)
    return [
        {
            "code": "prospectus",
            "label": str(legal_review.LABELS["prospectus"]),
            "value": _("%(sum)s offered in twelve months") % {"sum": kronor_text(minor)},
            "limit": kronor_text(most),
            "share": Fraction(minor, most),
            "source": euro.source,
            "what_to_do": _("Above the limit an approved prospectus is needed before more is "
                            "offered."),
        }
    ]  # fmt: skip


def _spread(organisation: Organisation, on: date) -> list[dict[str, Any]]:
    if organisation.form not in legal_review.PRIVATE_COMPANIES:
        return []
    shares = [code for code, kind in KINDS.items() if kind.gates]
    people = _counted(organisation, shares).filter(on__lte=on)
    number = people.aggregate(n=Count("pledge__person", distinct=True))["n"]
    most = dated_settings.row("spread-persons", on)
    return [
        {
            "code": "spread",
            "label": str(legal_review.LABELS["spread"]),
            "value": _("%(n)s persons") % {"n": number_text(number)},
            "limit": number_text(most.value),
            "share": Fraction(number, most.value),
            "source": most.source,
            "what_to_do": _("A private company may not turn to the public with its shares."),
        }
    ]


def _lending(organisation: Organisation, on: date) -> list[dict[str, Any]]:
    loans = [code for code, kind in KINDS.items() if kind.is_repaid]
    counted = _counted(organisation, loans).filter(on__lte=on)
    told = counted.aggregate(n=Count("pledge__person", distinct=True), total=Sum("amount_minor"))
    if not told["n"]:
        return []
    people, minor = (
        dated_settings.row("lenders-review", on),
        dated_settings.row("lent-review-minor", on),
    )
    what = _("Ask whether it has become deposit-taking, and write down the answer.")
    return [
        {
            "code": "lenders",
            "label": str(legal_review.LABELS["lenders"]),
            "value": _("%(n)s lenders, ended loans included") % {"n": number_text(told["n"])},
            "limit": number_text(people.value),
            "share": Fraction(told["n"], people.value),
            "source": people.source,
            "what_to_do": what,
        },
        {
            "code": "lent",
            "label": str(legal_review.LABELS["lent"]),
            "value": kronor_text(told["total"]),
            "limit": kronor_text(minor.value),
            "share": Fraction(told["total"], minor.value),
            "source": minor.source,
            "what_to_do": what,
        },
    ]


def _words(organisation: Organisation) -> list[dict[str, Any]]:
    """Words that only a bank may use, or that promise too much, where they stand."""
    wanted = [
        *dated_settings.row("deposit-words").value,
        *dated_settings.row("marketing-words").value,
    ]
    texts = {organisation.name: f"{organisation.about_sv} {organisation.about_en}"}
    for project in Project.objects.filter(organisation=organisation):
        texts[project.name] = " ".join(
            (
                project.name,
                project.summary_sv,
                project.summary_en,
                project.story_sv,
                project.story_en,
            )
        )
    raised = organisation.vehicles.filter(kind__in=[c for c, k in KINDS.items() if k.money_role])
    for vehicle in raised:
        texts[vehicle.name] = texts.get(vehicle.name, "") + " " + vehicle.name
    found = [
        f"“{word}”: {name}"
        for name, text in texts.items()
        for word in wanted
        if word.casefold() in text.casefold()
    ]
    if not found:
        return []
    return [
        {
            "code": "words",
            "label": str(legal_review.LABELS["words"]),
            "value": "; ".join(found),
            "needs_a_look": True,
            "source": dated_settings.row("deposit-words").source,
            "what_to_do": _("Write it in other words, or say why it is true."),
        }
    ]


def _goods(organisation: Organisation) -> list[dict[str, Any]]:
    """Why advances and vouchers are no deposits, and what would make them so."""
    if not any(KINDS[vehicle.kind].for_goods for vehicle in organisation.vehicles.all()):
        return []
    return [
        {
            "code": "goods",
            "label": str(legal_review.LABELS["goods"]),
            "value": _("No deposits, as long as they only buy goods of the issuer and a few local "
                       "producers"),
            "source": "lag (2004:297) 1 kap.; lag (2011:755) om elektroniska pengar",
            "what_to_do": _("Never with interest, and never changed back into money at will."),
        }
    ]  # fmt: skip


def _questions(organisation: Organisation) -> list[dict[str, Any]]:
    """Rules that no number decides: somebody must answer, once a year."""
    kinds = {KINDS[vehicle.kind] for vehicle in organisation.vehicles.all()}
    others = Vehicle.objects.filter(organisation=organisation, project__isnull=False).exclude(
        project__organisation=organisation
    )
    asked = []
    if any(kind.pools_money for kind in kinds):
        asked.append(("aif", _("Is pooled money invested for others?"), "lag (2013:561)"))
    if any(kind.lends for kind in kinds):
        asked.append(("aml", _("Is lending on such a scale that it must be registered?"),
                      "lag (2017:630), lag (1996:1006)"))  # fmt: skip
    if others.exists():
        asked.append(("crowdfunding", _("Are savers matched with somebody else's project?"),
                      "förordning (EU) 2020/1503"))  # fmt: skip
    if organisation.form in legal_review.PRIVATE_COMPANIES and any(kind.gates for kind in kinds):
        asked.append(("public-offer", _("May these shares be offered on an open page?"),
                      "aktiebolagslagen (2005:551) 1:7–8"))  # fmt: skip
    return [
        {
            "code": code,
            "label": str(legal_review.LABELS[code]),
            "value": question,
            "needs_a_look": True,
            "source": source,
            "what_to_do": _("Answer it with a paper: a decision, a letter, a page of the law."),
        }
        for code, question, source in asked
    ]


def _ceilings(organisation: Organisation, on: date) -> list[dict[str, Any]]:
    """What may still be paid out this year, by vehicle."""
    told = []
    for vehicle in organisation.vehicles.select_related("pool", "units_ledger", "rights_ledger"):
        if KINDS[vehicle.kind].ceiling is Kind.ceiling:
            continue
        now = actions.standing(vehicle, on)
        room = now.kind.ceiling(now)
        if room is not None:
            told.append(
                {
                    "code": "dividend",
                    "label": _("Room for dividends: %(name)s") % {"name": vehicle.name},
                    "value": _("%(room)s left this year") % {"room": kronor_text(room)},
                    "source": "aktiebolagslagen (2005:551) 32 kap.",
                    "what_to_do": _("More than this is refused when a payout is computed."),
                }
            )
    return told


def open_questions(organisation: Organisation, on: date) -> list[Watched]:
    """What is over, near or to be looked at, and not cleared."""
    return [told for told in watch(organisation, on) if told.is_open]
