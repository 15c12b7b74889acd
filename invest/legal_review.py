"""Legal reviews: rules of law that somebody has looked into, with evidence, for a time."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from invest import dated_settings
from invest.kinds.refusals import TooEarly
from invest.models import EventText, LegalReview, Organisation
from invest.refusals import NeedsEvidence, NotReviewed

PRIVATE_COMPANIES = (Organisation.Form.LIMITED_COMPANY, Organisation.Form.LIMITED_COMPANY_SVB)
# What is watched or gated: code → what it is called.
LABELS = {
    "public-offer": _("The ban on offering a private company's shares to the public"),
    "prospectus": _("Prospectus"),
    "spread": _("Persons in a private company's shares"),
    "lenders": _("Many lenders"),
    "lent": _("Much money lent by the public"),
    "words": _("Words of banks and of promises"),
    "aif": _("Alternative investment fund"),
    "aml": _("Money laundering"),
    "crowdfunding": _("Crowdfunding service"),
    "goods": _("Paid in advance for goods"),
}


@transaction.atomic
def look_into(
    *, organisation: Organisation, code: str, decided: str, evidence: str, on: date, by: str
) -> LegalReview:
    """Put on record that a rule was looked into. Raises NeedsEvidence, TooEarly."""
    if code not in LABELS:
        raise KeyError(code)
    if not evidence.strip():
        raise NeedsEvidence
    if on > timezone.localdate():
        raise TooEarly(on=on)
    return LegalReview.objects.create(
        organisation=organisation,
        code=code,
        decided=decided,
        looked_on=on,
        actor=by,
        **EventText.objects.beside(evidence.strip()),
    )


def standing(organisation: Organisation, code: str, on: date) -> LegalReview | None:
    """The last look at a rule that still stands on a day (dated setting `gate-days`)."""
    since = on - timedelta(days=dated_settings.value("gate-days", on))
    looked = organisation.legal_reviews.filter(code=code, looked_on__gt=since, looked_on__lte=on)
    return looked.with_words().first()


def refuse_unseen(organisation: Organisation, codes: Iterable[str], on: date) -> None:
    """Raise NotReviewed where a private company lacks a standing all-clear for one of the rules."""
    if organisation.form not in PRIVATE_COMPANIES:
        return
    for code in codes:
        found = standing(organisation, code, on)
        if found is None or found.decided != LegalReview.Decided.OK:
            raise NotReviewed(rule=LABELS[code])
