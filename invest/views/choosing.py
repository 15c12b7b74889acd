"""The chooser: a few answers, and which of the seven forms they fit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from invest import access
from invest.choosing import QUESTIONS, nearest, outcomes
from invest.forms.choosing import ChooseForm
from invest.models import Project, Role
from invest.vehicles import KINDS


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Everything stands in the address, so that an answer can be sent on. Nothing is kept."""
    is_asked = bool(set(request.GET) & set(QUESTIONS))
    form = ChooseForm(request.GET if is_asked else None)
    told, status = [], 200
    if is_asked:
        if form.is_valid():
            told = outcomes(form.answers())
        else:
            status = form.status
    context = {
        "form": form,
        # Carried on to the offer that is opened, so that nothing is written twice.
        "project": Project.objects.filter(slug=request.GET.get("project", "")).first(),
        "asked": {code: text for code, (text, _answers) in QUESTIONS.items()},
        "said": [
            (text, answers[form.cleaned_data[code]])
            for code, (text, answers) in QUESTIONS.items()
            if told and form.cleaned_data[code]
        ],
        "told": told,
        "nearest": [(found, [QUESTIONS[q][0] for q in found.blocking]) for found in nearest(told)]
        if told
        else [],
        "kinds": {code: kind.label for code, kind in KINDS.items()},
        "desks": access.organisations_for(request.user, Role.Kind.TREASURER),
    }
    return render(request, "invest/choose.html", context, status=status)
