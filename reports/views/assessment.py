"""How an enterprise sees itself, as a picture and a table; for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from invest.models import Assessment, Project
from invest.projects.assessments import PAYS, QUESTIONS, STEPS


@require_safe
def assessment(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest assessment with earlier ones beside it; a word where there is none yet."""
    from reports.charts.assessment import radar  # noqa: PLC0415 -- pandas beside it: 0.5 s

    project = get_object_or_404(Project.objects.select_related("organisation"), slug=slug)
    told = list(project.assessments.with_words().filter(on__lte=timezone.localdate()))
    context = {
        "project": project,
        "newest": told[0] if told else None,
        "radar": radar(told) if told else None,
        "shown": _shown(told[0]) if told else [],
        "pays_shown": told[0].evidence.get(PAYS, "") if told else "",
        "steps": list(enumerate(STEPS)),
    }
    return render(request, "reports/assessment.html", context)


def _shown(newest: Assessment) -> list[tuple[object, int, object, str]]:
    """Question, number, what the number says, and what shows it."""
    return [
        (asked, step := newest.answers[code], STEPS[step], newest.evidence.get(code, ""))
        for code, asked in QUESTIONS.items()
    ]
