"""After a fair: the phone list, the link that confirms, and asking what became of it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from invest import access
from invest.fairs import confirmations
from invest.fairs import follow_ups as fairs_follow_ups
from invest.fairs.forms import FoundForm, ReachedForm
from invest.fairs.queries import after
from invest.fairs.tables import AnswerTable, ConfirmedTable, FollowUpTable, PhoneTable
from invest.models import Fair, FollowUp
from invest.web.desk import UserRequest, actor, fair_desk, today
from invest.web.tables import first_file
from pools.errors import NotAnAmount, Refused
from pools.money import ore


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@fair_desk("fairs")
def fair_after(request: UserRequest, fair: Fair) -> HttpResponse:
    """Promises that wait, with how to reach who gave them and what they said."""
    if request.POST.get("step") == "ask":
        return _ask(request, fair)
    rows = after.waiting(fair)
    status, wrong = 200, None
    if request.method == "POST":
        row = next((row for row in rows if row.code == request.POST.get("promise")), None)
        if row is None:
            messages.warning(request, _("Somebody has handled this one already."))
            return redirect("fair_after", fair.slug)
        wrong = ReachedForm(request.POST, auto_id=f"id_{row.code}_%s")
        if wrong.is_valid() and _reached(request, row, wrong):
            return redirect("fair_after", fair.slug)
        status = wrong.status
    sent = request.POST.get("promise", "")
    waiting = PhoneTable(rows).asked(
        request, f"{fair.slug}-phone-list", at=lambda row: wrong is not None and row.code == sent
    )
    confirmed = ConfirmedTable(after.confirmed(fair), prefix="confirmed-").asked(
        request, f"{fair.slug}-confirmed"
    )
    if file := first_file(waiting, confirmed):
        return file
    context = {
        "fair": fair,
        "waiting": waiting,
        "rows": [(row, _reached_form(row, sent, wrong)) for row in waiting.records],
        "confirmed": confirmed,
        "books": access.organisations_for(request.user, "registers"),
        "can_be_asked": sum(bool(row.person and row.person.email) for row in rows),
    }
    return render(request, "invest/fairs/fair_after.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_by_link(request: HttpRequest, signed: str) -> HttpResponse:
    """Shows the promise and asks; only the button says yes, and only once."""
    try:
        asked = confirmations.read(signed)
    except BadSignature as forged:
        raise Http404 from forged
    done, status = False, 200
    if asked.is_old:
        status = 410
        if request.method == "POST":
            confirmations.ask_anew(asked=asked, link=_link(request), at=timezone.now())
            done, status = True, 200
    elif request.method == "POST":
        try:
            confirmations.say_yes(asked=asked, on=today(), by=actor(request), at=timezone.now())
            done = True
        except Refused as refusal:
            status = refusal.status
    context = {
        "asked": asked,
        "row": after.row_of(asked.promise),
        "waits": asked.waits,
        "done": done,
        "receipt": asked.promise.get_absolute_url(),
    }
    response = render(request, "invest/fairs/confirm_by_link.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@fair_desk("fairs")
def follow_ups(request: UserRequest, fair: Fair) -> HttpResponse:
    """What is due to be asked, each with a line to answer on; what was found, folded."""
    due = list(fairs_follow_ups.due(today()).filter(fair=fair))
    status, wrong, asked = 200, None, request.POST.get("follow_up", "")
    if request.method == "POST" and request.POST.get("step") == "plan":
        return _plan(request, fair)
    if request.method == "POST":
        row = get_object_or_404(
            fair.follow_ups, pk=int(asked) if asked.isdecimal() and len(asked) < 18 else 0
        )
        wrong = FoundForm(request.POST, auto_id=f"id_{row.pk}_%s")
        if wrong.is_valid() and _answer(request, row, wrong):
            return redirect("follow_ups", fair.slug)
        status = wrong.status
    waiting = FollowUpTable(after.asked_about(due)).asked(
        request,
        f"{fair.slug}-follow-ups",
        at=lambda pair: wrong is not None and str(pair[0].pk) == asked,
    )
    done = AnswerTable(after.asked_about(after.answered(fair)), prefix="done-").asked(
        request, f"{fair.slug}-answers"
    )
    if file := first_file(waiting, done):
        return file
    context = {
        "fair": fair,
        "due": waiting,
        "rows": [(r, q, _found_form(q, asked, wrong)) for q, r in waiting.records],
        "coming": fair.follow_ups.filter(due_on__gt=today(), done_on__isnull=True).count(),
        "done": done,
        "as_of": today(),
        "is_over": timezone.localdate(fair.ends_at) <= today(),
    }
    return render(request, "invest/fairs/follow_ups.html", context, status=status)


def _ask(request: UserRequest, fair: Fair) -> HttpResponse:
    sent = confirmations.ask_all(fair=fair, link=_link(request), at=timezone.now())
    told = ngettext("%(n)s person is asked by mail.", "%(n)s persons are asked by mail.", sent)
    messages.success(request, told % {"n": sent})
    return redirect("fair_after", fair.slug)


def _link(request: HttpRequest) -> Callable[[str], str]:
    return lambda signed: request.build_absolute_uri(reverse("confirm_by_link", args=[signed]))


def _reached(request: UserRequest, row: after.Row, form: ReachedForm) -> bool:
    step, typed = request.POST.get("step"), form.cleaned_data
    told = {"promise": row.promise, "on": today(), "by": actor(request), "reason": typed["reason"]}
    try:
        if step == "decline":
            confirmations.let_go(**told)
        elif step == "change" and typed["promised"] is None:
            raise NotAnAmount
        elif step in {"confirm", "change"}:
            # Enter in the field presses the first button: what was typed is never passed over.
            confirmations.reached(**told, amount=typed["promised"])
        else:
            raise Http404
    except Refused as refusal:
        form.refuse("promised", refusal)
        return False
    messages.success(request, _("Written down."))
    return True


def _reached_form(row: after.Row, sent: str, wrong: ReachedForm | None) -> ReachedForm:
    if wrong is not None and row.code == sent:
        return wrong
    return ReachedForm(auto_id=f"id_{row.code}_%s")


def _plan(request: UserRequest, fair: Fair) -> HttpResponse:
    made = fairs_follow_ups.plan_for(fair)
    told = ngettext("%(n)s question is new.", "%(n)s questions are new.", made)
    messages.success(request, told % {"n": made})
    return redirect("follow_ups", fair.slug)


def _answer(request: UserRequest, row: FollowUp, form: FoundForm) -> bool:
    typed = form.cleaned_data
    try:
        fairs_follow_ups.answer(
            follow_up=row,
            found=typed["found"],
            value_minor=ore(typed["value"]) if typed["value"] else None,
            comment=typed["comment"],
            on=today(),
            by=actor(request),
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Written down."))
    return True


def _found_form(row: FollowUp, sent: str, wrong: FoundForm | None) -> FoundForm:
    if wrong is not None and str(row.pk) == sent:
        return wrong
    return FoundForm(auto_id=f"id_{row.pk}_%s")
