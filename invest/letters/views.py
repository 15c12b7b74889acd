"""The outbox: what was written to those who take part in an organisation."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from invest.letters import queries
from invest.letters.tables import LetterTable
from invest.models import Organisation
from invest.web.desk import UserRequest, desk


@never_cache
@require_safe
@desk("letters")
def letters(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Every letter with its text, newest first."""
    rows = queries.letters_of(organisation)
    table = LetterTable(rows).asked(request, f"{organisation.slug}-letters")
    if file := table.file():
        return file
    context = {
        "organisation": organisation,
        "table": table,
        "letters": [queries.shown(letter, is_open=settings.DEMO) for letter in table.records],
    }
    return render(request, "invest/letters/letters.html", context)
