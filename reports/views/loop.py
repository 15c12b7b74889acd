"""A fair's report as slides, for the hall's screen when it has a net."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from invest.models import Fair


@require_safe
def report_loop(request: HttpRequest, slug: str) -> HttpResponse:
    """The report as of today, slide by slide; without scripts one after another."""
    from reports.fair import fair_report  # noqa: PLC0415 -- pandas: 0.5 s that only a report needs
    from reports.render.slide_show import slides  # noqa: PLC0415 -- the same

    fair = get_object_or_404(Fair.objects.select_related("organisation"), slug=slug)
    report = fair_report(fair, timezone.localdate())
    context = {"report": report, "fair": fair, "slides": slides(report)}
    return render(request, "reports/loop.html", context)
