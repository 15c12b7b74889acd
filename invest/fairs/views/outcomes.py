"""What became of it: the promises of a fair, openly, as of today."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from invest.fairs.queries.outcomes import outcomes as outcomes_of
from invest.fairs.queries.outcomes import shown_at
from invest.models import Fair
from invest.web.desk import today


@require_safe
def outcomes(request: HttpRequest, slug: str) -> HttpResponse:
    """For each project what was promised, confirmed, paid in, and how help in kind went."""
    fair = get_object_or_404(Fair.objects.select_related("organisation"), slug=slug)
    moments = shown_at(fair, today())
    context = {
        "fair": fair,
        "rows": outcomes_of(fair, today()),
        "told_on": moments[-1] if moments else None,
    }
    return render(request, "invest/fairs/outcomes.html", context)
