"""After a fair: the phone list, the link that confirms, and asking what became of it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

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

Answer = dict[str, Any]  # Which promise, on what day, by whom, and why.


@never_cache
@require_safe
@fair_desk("fairs")
def fair_after(request: UserRequest, fair: Fair) -> HttpResponse:
    """Promises that wait, with how to reach who gave them and what they said."""
    return _after_page(request, fair)


@never_cache
@require_POST
@fair_desk("fairs")
def ask_all(request: UserRequest, fair: Fair) -> HttpResponse:
    """Everybody with an address is asked by mail; who was asked within a week is left in peace."""
    sent = confirmations.ask_all(fair=fair, link=_link(request), at=timezone.now())
    told = ngettext("%(n)s person is asked by mail.", "%(n)s persons are asked by mail.", sent)
    messages.success(request, told % {"n": sent})
    return redirect("fair_after", fair.slug)


@never_cache
@require_POST
@fair_desk("fairs")
def confirm_promise(request: UserRequest, fair: Fair, code: str) -> HttpResponse:
    """Whoever promised said yes.

    Enter in the field for another amount comes here too: what was typed is never passed over.
    """
    return _reached(request, fair, code, _confirm)


@never_cache
@require_POST
@fair_desk("fairs")
def change_promise(request: UserRequest, fair: Fair, code: str) -> HttpResponse:
    """Whoever promised said yes to another amount."""
    return _reached(request, fair, code, _change)


@never_cache
@require_POST
@fair_desk("fairs")
def decline_promise(request: UserRequest, fair: Fair, code: str) -> HttpResponse:
    """Whoever promised said no."""
    return _reached(request, fair, code, _decline)


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
@require_safe
@fair_desk("fairs")
def follow_ups(request: UserRequest, fair: Fair) -> HttpResponse:
    """What is due to be asked, each with a line to answer on; what was found, folded."""
    return _follow_ups_page(request, fair)


@never_cache
@require_POST
@fair_desk("fairs")
def plan_follow_ups(request: UserRequest, fair: Fair) -> HttpResponse:
    """The questions about the fair's promises; what was planned already stays."""
    made = fairs_follow_ups.plan_for(fair)
    told = ngettext("%(n)s question is new.", "%(n)s questions are new.", made)
    messages.success(request, told % {"n": made})
    return redirect("follow_ups", fair.slug)


@never_cache
@require_POST
@fair_desk("fairs")
def answer_follow_up(request: UserRequest, fair: Fair, pk: int) -> HttpResponse:
    """What became of a promise."""
    row = get_object_or_404(fair.follow_ups, pk=pk)
    form = FoundForm(request.POST, auto_id=f"id_{row.pk}_%s")
    if not form.is_valid():
        return _follow_ups_page(request, fair, row, form)
    try:
        _answer(request, row, form)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Written down."))
    return redirect("follow_ups", fair.slug)


def _confirm(told: Answer, amount: Any) -> None:
    confirmations.reached(**told, amount=amount)


def _change(told: Answer, amount: Any) -> None:
    if amount is None:
        raise NotAnAmount
    confirmations.reached(**told, amount=amount)


def _decline(told: Answer, _amount: Any) -> None:
    confirmations.let_go(**told)


def _reached(
    request: UserRequest, fair: Fair, code: str, does: Callable[[Answer, Any], None]
) -> HttpResponse:
    row = next((row for row in after.waiting(fair) if row.code == code), None)
    if row is None:
        messages.warning(request, _("Somebody has handled this one already."))
        return redirect("fair_after", fair.slug)
    form = ReachedForm(request.POST, auto_id=f"id_{row.code}_%s")
    if form.is_valid():
        typed, by = form.cleaned_data, actor(request)
        told = {"promise": row.promise, "on": today(), "by": by, "reason": typed["reason"]}
        try:
            does(told, typed["promised"])
            messages.success(request, _("Written down."))
            return redirect("fair_after", fair.slug)
        except Refused as refusal:
            form.refuse("promised", refusal)
    return _after_page(request, fair, row.code, form)


def _after_page(
    request: UserRequest, fair: Fair, code: str = "", wrong: ReachedForm | None = None
) -> HttpResponse:
    rows, here = after.waiting(fair), reverse("fair_after", args=[fair.slug])
    waiting = PhoneTable(rows).asked(
        request,
        f"{fair.slug}-phone-list",
        here=here,
        at=lambda row: wrong is not None and row.code == code,
    )
    confirmed = ConfirmedTable(after.confirmed(fair), prefix="confirmed-").asked(
        request, f"{fair.slug}-confirmed", here=here
    )
    if file := first_file(waiting, confirmed):
        return file
    context = {
        "fair": fair,
        "here": here,
        "waiting": waiting,
        "rows": [(row, _reached_form(row, code, wrong)) for row in waiting.records],
        "confirmed": confirmed,
        "books": access.organisations_for(request.user, "registers"),
        "can_be_asked": sum(bool(row.person and row.person.email) for row in rows),
    }
    status = wrong.status if wrong else 200
    return render(request, "invest/fairs/fair_after.html", context, status=status)


def _reached_form(row: after.Row, code: str, wrong: ReachedForm | None) -> ReachedForm:
    if wrong is not None and row.code == code:
        return wrong
    return ReachedForm(auto_id=f"id_{row.code}_%s")


def _link(request: HttpRequest) -> Callable[[str], str]:
    return lambda signed: request.build_absolute_uri(reverse("confirm_by_link", args=[signed]))


def _answer(request: UserRequest, row: FollowUp, form: FoundForm) -> None:
    typed = form.cleaned_data
    fairs_follow_ups.answer(
        follow_up=row,
        found=typed["found"],
        value_minor=ore(typed["value"]) if typed["value"] else None,
        comment=typed["comment"],
        on=today(),
        by=actor(request),
    )


def _follow_ups_page(
    request: UserRequest, fair: Fair, asked: FollowUp | None = None, wrong: FoundForm | None = None
) -> HttpResponse:
    due, here = (
        fairs_follow_ups.due(today()).filter(fair=fair),
        reverse("follow_ups", args=[fair.slug]),
    )
    waiting = FollowUpTable(after.asked_about(due)).asked(
        request,
        f"{fair.slug}-follow-ups",
        here=here,
        at=lambda pair: wrong is not None and pair[0] == asked,
    )
    done = AnswerTable(after.asked_about(after.answered(fair)), prefix="done-").asked(
        request, f"{fair.slug}-answers", here=here
    )
    if file := first_file(waiting, done):
        return file
    context = {
        "fair": fair,
        "here": here,
        "due": waiting,
        "rows": [
            (row, each, wrong if wrong and each == asked else FoundForm(auto_id=f"id_{each.pk}_%s"))
            for each, row in waiting.records
        ],
        "coming": fair.follow_ups.filter(due_on__gt=today(), done_on__isnull=True).count(),
        "done": done,
        "as_of": today(),
        "is_over": timezone.localdate(fair.ends_at) <= today(),
    }
    status = wrong.status if wrong else 200
    return render(request, "invest/fairs/follow_ups.html", context, status=status)
