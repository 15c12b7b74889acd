"""A fair's report as a page."""

from datetime import date
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from invest import access
from invest.models import Fair
from invest.web.papers import csv_file

if TYPE_CHECKING:
    from reports.fair import FairReport


class _NotADay(ValueError):
    """A day to come, or none at all."""


def _report_asked(request: HttpRequest, slug: str) -> "FairReport":
    """The fair's report as of the day asked for, or today. Raises _NotADay with a sentence."""
    from reports.fair import fair_report as told  # noqa: PLC0415 -- pandas: 0.5 s for reports only

    fair = get_object_or_404(Fair.objects.select_related("organisation"), slug=slug)
    today = timezone.localdate()
    asked = request.GET.get("as_of", "")
    try:
        as_of = date.fromisoformat(asked) if asked else today
    except ValueError:
        as_of = date.max
    if as_of > today:
        reason = _("“%(asked)s” is not a day up to today, written YYYY-MM-DD.") % {"asked": asked}
        raise _NotADay(reason)
    return told(fair, as_of)


def _refused(request: HttpRequest, reason: _NotADay) -> HttpResponse:
    return render(request, "400.html", {"reason": str(reason)}, status=400)


@require_safe
def fair_report(request: HttpRequest, slug: str) -> HttpResponse:
    """A fair's report as of today, or of the day asked for; a day to come is refused."""
    try:
        report = _report_asked(request, slug)
    except _NotADay as reason:
        return _refused(request, reason)
    organiser = access.may(request.user, report.fair.organisation, "fairs")
    context = {"report": report, "is_organiser": organiser}
    return render(request, "reports/fair_report.html", context)


@require_safe
def fair_chart_csv(request: HttpRequest, slug: str, chart: str) -> HttpResponse:
    """The figures of one of the report's charts, as in a pack; 404 if it is not in the report."""
    from reports.render import data  # noqa: PLC0415 -- only this address needs it

    try:
        report = _report_asked(request, slug)
    except _NotADay as reason:
        return _refused(request, reason)
    files = data.csv_files(report)
    if chart not in files:
        raise Http404
    return csv_file(files[chart], f"{slug}-{report.as_of.isoformat()}-{chart}")
