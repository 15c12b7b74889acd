"""A fair's report as a page."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from invest import access
from invest.models import Fair, Role


@require_safe
def fair_report(request: HttpRequest, slug: str) -> HttpResponse:
    """A fair's report as of today, or of the day asked for; a day to come is refused."""
    from reports.fair import fair_report  # noqa: PLC0415 -- pandas: 0.5 s that only a report needs

    fair = get_object_or_404(Fair.objects.select_related("organisation"), slug=slug)
    today = timezone.localdate()
    asked = request.GET.get("as_of", "")
    try:
        as_of = date.fromisoformat(asked) if asked else today
    except ValueError:
        as_of = date.max
    if as_of > today:
        reason = _("“%(asked)s” is not a day up to today, written YYYY-MM-DD.") % {"asked": asked}
        return render(request, "400.html", {"reason": reason}, status=400)
    context = {
        "report": fair_report(fair, as_of),
        "is_organiser": access.has_role(request.user, fair.organisation, Role.Kind.ORGANISER),
    }
    return render(request, "reports/fair_report.html", context)
