"""One gathering's desk: who comes, the minutes, moving it; each act has its address."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from invest.gatherings import gatherings, minutes, queries
from invest.gatherings.forms import (
    CancelForm,
    CardOfForm,
    DeskActForm,
    FinishForm,
    FoundForm,
    MinuteForm,
    MoveForm,
    OutcomeForm,
    RewordForm,
    StrikeForm,
)
from invest.gatherings.tables import GuestTable
from invest.models import Gathering, Minute, Organisation
from invest.web.desk import UserRequest, actor, desk, today
from invest.web.papers import paper
from pools.errors import Refused

Does = Callable[[UserRequest, Any, dict[str, Any]], str]
# Act → its form, of those that always stand on the page and say there what is wrong.
FORMS: dict[str, type[DeskActForm]] = {
    "reword": RewordForm,
    "move": MoveForm,
    "cancel": CancelForm,
    "minute": MinuteForm,
    "became": OutcomeForm,
}
# Act on a line of the minutes → its address, its form, the words of its fold and of its button.
OF_LINE: tuple[tuple[str, str, type[DeskActForm], Any, Any], ...] = (
    (
        "finish",
        "finish_minute",
        FinishForm,
        gettext_lazy("What became of it?"),
        gettext_lazy("Write it down"),
    ),
    (
        "project",
        "minute_project",
        FoundForm,
        gettext_lazy("Make it a project"),
        gettext_lazy("Found the project"),
    ),
    (
        "card",
        "minute_card",
        CardOfForm,
        gettext_lazy("Make it a card of the place"),
        gettext_lazy("Make the card"),
    ),
    (
        "strike",
        "strike_minute",
        StrikeForm,
        gettext_lazy("Strike it out"),
        gettext_lazy("Strike it out"),
    ),
)


@dataclass(frozen=True)
class Sent:
    """A form that was refused: of which act, and of which line of the minutes."""

    act: str
    form: DeskActForm
    line: Minute | None = None


@dataclass(frozen=True)
class Fold:
    """What may be made of a line of the minutes, and where its form is sent."""

    action: str
    label: str
    button: str
    form: DeskActForm


@never_cache
@require_safe
@desk("gatherings")
def guest_list(request: UserRequest, organisation: Organisation, gathering: str) -> HttpResponse:
    """Who comes, on paper for the door: by the name that was typed, else by the address."""
    found = _found(organisation, gathering)
    context = {
        "organisation": organisation,
        "gathering": found,
        "guests": (guests := queries.guests(found, timezone.now())),
        "headcount": queries.headcount(found),
    }
    name, rows = f"{found.slug}-guests", len(guests)
    return paper(
        request, "invest/gatherings/paper_guests.html", context, ledgers=(), name=name, rows=rows
    )


@never_cache
@require_safe
@desk("gatherings")
def gathering_at_desk(
    request: UserRequest, organisation: Organisation, gathering: str
) -> HttpResponse:
    """One gathering: who comes, the minutes, moving it."""
    return _page(request, _found(organisation, gathering))


def _act(
    act: str, form_of: type[DeskActForm], *, anchor: str = "top"
) -> Callable[[Does], Callable[..., HttpResponse]]:
    """Make a view of an act on a gathering, or on the line of its minutes that has `number`.

    Done, it says the act's sentence; refused, the page says why and keeps what was typed.
    """

    def made(does: Does) -> Callable[..., HttpResponse]:
        @never_cache
        @require_POST
        @desk("gatherings")
        @wraps(does)
        def view(
            request: UserRequest,
            organisation: Organisation,
            gathering: str,
            number: int | None = None,
        ) -> HttpResponse:
            found = _found(organisation, gathering)
            line = get_object_or_404(found.minutes, number=number) if number is not None else None
            form = form_of(request.POST, gathering=found, auto_id=_ids(act, line))
            if form.is_valid():
                try:
                    messages.success(request, does(request, line or found, form.cleaned_data))
                    return redirect(f"{_address(found)}#{anchor}")
                except Refused as refusal:
                    form.refuse(None, refusal)
            return _page(request, found, Sent(act, form, line))

        return view

    return made


# --- Acts of the gathering ------------------------------------------------------------------------


@_act("reword", RewordForm)
def reword_gathering(_request: UserRequest, found: Gathering, typed: dict[str, Any]) -> str:
    """Another name, text or room for more."""
    gatherings.reword(gathering=found, at=timezone.now(), **typed)
    return _("Written down.")


@_act("move", MoveForm)
def move_gathering(request: UserRequest, found: Gathering, typed: dict[str, Any]) -> str:
    """Another hour or room."""
    gatherings.move(gathering=found, by=actor(request), at=timezone.now(), **typed)
    return " ".join([_("It is moved."), *_who_has_a_letter(found)])


@_act("cancel", CancelForm)
def cancel_gathering(request: UserRequest, found: Gathering, typed: dict[str, Any]) -> str:
    """It will not be."""
    gatherings.cancel(gathering=found, by=actor(request), at=timezone.now(), **typed)
    return " ".join([_("It is cancelled."), *_who_has_a_letter(found)])


@_act("became", OutcomeForm)
def gathering_became(_request: UserRequest, found: Gathering, typed: dict[str, Any]) -> str:
    """What became of it."""
    gatherings.write_outcome(gathering=found, **typed)
    return _("Everybody can read it on its page.")


@_act("fair", DeskActForm)
def hold_fair(_request: UserRequest, found: Gathering, _typed: dict[str, Any]) -> str:
    """The fair that the gathering is."""
    fair = gatherings.hold_fair(gathering=found)
    return _("%(name)s has its programme, checklist and papers now.") % {"name": fair.name}


@never_cache
@require_POST
@desk("gatherings")
def remove_gathering(
    request: UserRequest, organisation: Organisation, gathering: str
) -> HttpResponse:
    """Take away what was written by mistake; pressed twice, it is gone already."""
    found = queries.every().filter(organisation=organisation, slug=gathering).first()
    if found is None:
        messages.warning(request, _("Somebody has handled this one already."))
        return redirect("gathering_desk", organisation.slug)
    form = DeskActForm(request.POST, gathering=found)
    form.full_clean()
    try:
        gatherings.remove(gathering=found)
    except Refused as refusal:
        form.refuse(None, refusal)
        return _page(request, found, Sent("remove", form))
    messages.success(request, _("%(name)s is taken away.") % {"name": found.name})
    return redirect("gathering_desk", organisation.slug)


# --- Who came -------------------------------------------------------------------------------------


@never_cache
@require_POST
@desk("gatherings")
def guest_came(
    request: UserRequest, organisation: Organisation, gathering: str, pk: int
) -> HttpResponse:
    """Somebody who had signed up came."""
    return _mark(request, _found(organisation, gathering), pk, came=True)


@never_cache
@require_POST
@desk("gatherings")
def guest_did_not_come(
    request: UserRequest, organisation: Organisation, gathering: str, pk: int
) -> HttpResponse:
    """Somebody who had signed up did not come."""
    return _mark(request, _found(organisation, gathering), pk, came=False)


def _mark(request: UserRequest, found: Gathering, pk: int, *, came: bool) -> HttpResponse:
    gatherings.mark(sign_up=get_object_or_404(found.sign_ups, pk=pk), came=came)
    messages.success(request, _("Written down."))
    return redirect(f"{_address(found)}#who")


# --- Acts on the minutes --------------------------------------------------------------------------


@_act("minute", MinuteForm, anchor="minutes")
def write_minute(request: UserRequest, found: Gathering, typed: dict[str, Any]) -> str:
    """A line of the minutes."""
    minutes.write(gathering=found, by=actor(request), at=timezone.now(), **typed)
    return _("Written down.")


@_act("finish", FinishForm, anchor="minutes")
def finish_minute(_request: UserRequest, line: Minute, typed: dict[str, Any]) -> str:
    """What became of a line."""
    minutes.finish(minute=line, on=today(), **typed)
    return _("Written down.")


@_act("project", FoundForm, anchor="minutes")
def minute_project(request: UserRequest, line: Minute, typed: dict[str, Any]) -> str:
    """A line becomes a project."""
    project = minutes.found_project(minute=line, on=today(), by=actor(request), **typed)
    return _("%(name)s is a project now, at the stage of an idea.") % {"name": project.name}


@_act("card", CardOfForm, anchor="minutes")
def minute_card(request: UserRequest, line: Minute, typed: dict[str, Any]) -> str:
    """A line becomes a card of the place."""
    title = typed.pop("name")
    by, at = actor(request), timezone.now()
    card = minutes.become_card(minute=line, by=by, at=at, title=title, **typed)
    return _("%(name)s is a card of the place now.") % {"name": card.title}


@_act("strike", StrikeForm, anchor="minutes")
def strike_minute(request: UserRequest, line: Minute, typed: dict[str, Any]) -> str:
    """A line is struck out."""
    minutes.strike(minute=line, by=actor(request), at=timezone.now(), **typed)
    return _("The line is struck out. That it was there stays.")


# --- The page -------------------------------------------------------------------------------------


def _found(organisation: Organisation, slug: str) -> Gathering:
    return get_object_or_404(queries.every().filter(organisation=organisation), slug=slug)


def _address(found: Gathering) -> str:
    return reverse("gathering_at_desk", args=[found.organisation.slug, found.slug])


def _ids(act: str, line: Minute | None) -> str:
    """The same act stands once on each line."""
    return f"{act}-{line.number}_%s" if line else f"{act}_%s"


def _page(request: UserRequest, found: Gathering, sent: Sent | None = None) -> HttpResponse:
    forms = {act: form(gathering=found, auto_id=_ids(act, None)) for act, form in FORMS.items()}
    if sent and sent.act in FORMS:
        forms[sent.act] = sent.form
    told = queries.gathering_desk(found, timezone.now())
    lines = [(minute, _folds(minute, found, sent)) for minute in told.page.minutes]
    here = _address(found)
    guests = GuestTable(told.guests).asked(request, f"{found.slug}-guests", here=here)
    if file := guests.file():
        return file
    in_place = [*forms.values(), *(fold.form for _minute, folds in lines for fold in folds)]
    context = {
        "organisation": found.organisation,
        "here": here,
        "guests": guests,
        "desk": told,
        "lines": lines,
        "gathering": found,
        "forms": forms,
        "refused": sent.form.sentences() if sent and sent.form not in in_place else [],
    }
    status = sent.form.status if sent else 200
    return render(request, "invest/gatherings/gathering_at_desk.html", context, status=status)


def _folds(minute: Minute, found: Gathering, sent: Sent | None) -> list[Fold]:
    """What may be made of a line; what was sent and refused keeps what was typed."""
    if minute.struck_at:
        return []
    first = {"name": minute.text[:120]}
    there = [found.organisation.slug, found.slug, minute.number]
    folds = []
    for act, name, form_of, label, button in OF_LINE:
        form = form_of(gathering=found, initial=first, auto_id=_ids(act, minute))
        if sent and (sent.act, sent.line) == (act, minute):
            form = sent.form
        if _may(act, minute, found):
            folds.append(Fold(reverse(name, args=there), str(label), str(button), form))
    return folds


def _may(act: str, minute: Minute, found: Gathering) -> bool:
    is_note = minute.kind == Minute.Kind.NOTE
    is_card: bool = minute.is_card  # type: ignore[attr-defined]
    return {
        "finish": not (is_note or minute.done_on),
        "project": not (is_note or minute.project),
        "card": found.place is not None and not is_card,
        "strike": True,
    }[act]


def _who_has_a_letter(found: Gathering) -> Iterator[str]:
    reached, without = queries.unreached(found)
    if reached:
        yield ngettext(
            "%(n)s who has signed up has a letter.",
            "%(n)s who have signed up have a letter.",
            reached,
        ) % {"n": reached}
    if without:
        names = ", ".join(without)
        yield _("These get no letter, so tell them yourself: %(names)s.") % {"names": names}
