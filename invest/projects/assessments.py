"""How a transition enterprise sees itself: seven questions, 0–4, each by itself; never a sum.

The questions are those of the handbook's chapter 36, after the traits of a transition-oriented
enterprise that REconomy in England wrote down. Before them stands another: does it pay its way?
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from invest.models import Assessment, EventText, Project
from invest.once import Sent
from invest.projects.refusals import AssessedLater, FourNeedsEvidence

PAYS = "pays"
MOST = 4  # A four must be shown; see `refuse_unshown`.


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the short name it has in a picture."""

    name: Promise
    text: Promise


QUESTIONS: dict[str, Asked] = {
    "resilience": Asked(
        _("Resilience"), _("Does the place manage better in a crisis thanks to us?")
    ),
    "climate": Asked(_("Climate"), _("Do we do what we do with less fossil energy every year?")),
    "nature": Asked(
        _("Nature's limits"),
        _("Do we take no more than grows again, and leave nothing behind that harms?"),
    ),
    "near": Asked(_("Near enough"), _("Do we buy, sell and employ as near as is wise?")),
    "others": Asked(
        _("More than own profit"), _("Who besides the owners is better off because we exist?")
    ),
    "common": Asked(_("Common assets"), _("Do we build up something the place keeps if we stop?")),
    "open": Asked(_("Openness"), _("Can the neighbours learn how it goes, and have a say?")),
}
STEPS: tuple[Promise, ...] = (
    _("We have not thought of it"),
    _("We have talked about it"),
    _("We have tried"),
    _("We do it"),
    _("We do it and can show it"),
)


def refuse_unshown(answers: Mapping[str, int], evidence: Mapping[str, str]) -> None:
    """Raise FourNeedsEvidence, naming the question, where nothing shows a four."""
    for code, step in answers.items():
        if step == MOST and not evidence.get(code, "").strip():
            raise FourNeedsEvidence(field=f"evidence_{code}")


@transaction.atomic
def assess(
    *,
    project: Project,
    pays: str,
    answers: Mapping[str, int],
    evidence: Mapping[str, str],
    next_on: date,
    on: date,
    by: str,
    key: str,
    words: str = "",
) -> Assessment:
    """Put an assessment on record; the same key and content again returns the one there is.

    `answers` has a step 0…4 for each of `QUESTIONS`, `evidence` words for any of them and `PAYS`.
    Raises FourNeedsEvidence, AssessedLater where it is to be looked at again before the day after,
    KeyReused.
    """
    if set(answers) != set(QUESTIONS) or not set(answers.values()) <= set(range(MOST + 1)):
        raise ValueError(answers)
    refuse_unshown(answers, evidence)
    if next_on <= on:
        raise AssessedLater(field="next_on", on=on)
    said = {code: told.strip() for code, told in evidence.items() if told.strip()}
    told = {"pays": pays, "answers": dict(answers), "evidence": said, "words": words}
    Project.objects.select_for_update().get(pk=project.pk)
    sent = Sent(key, {**told, "project_id": project.pk, "next_on": next_on})
    if earlier := sent.earlier(Assessment.objects.with_words()):
        return earlier
    return Assessment.objects.create(
        project=project,
        on=on,
        pays=pays,
        answers=told["answers"],
        next_on=next_on,
        actor=by,
        at=timezone.now(),
        key=key,
        **EventText.objects.beside({"evidence": said, "words": words}),
    )
