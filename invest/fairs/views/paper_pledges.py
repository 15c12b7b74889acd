"""The cards desk: paper cards are entered in batches while the next one is unfolded."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from invest.fairs import paper_pledges
from invest.fairs.forms import CardForm, CloseForm, CorrectForm
from invest.fairs.queries import paper_pledges as fairs_paper_pledges
from invest.fairs.queries.paper_pledges import Batch
from invest.fairs.tables import BatchTable, CardTable
from invest.models import CardBatch, Fair, PledgeCard
from invest.web.desk import UserRequest, actor, fair_desk, row_number, today
from invest.web.tables import first_file
from pools.errors import Refused
from pools.money import kronor


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@fair_desk("fairs")
def cards(request: UserRequest, fair: Fair) -> HttpResponse:
    """The batches of a fair; with ?batch=2, the cards of one and the form for the next card."""
    batch = _batch_of(request, fair)
    forms = _forms(request, fair)
    status = 200
    if request.method == "POST":
        step = STEPS.get(request.POST.get("step", ""))
        if step is None:
            raise Http404
        answer = step(request, fair, batch)
        if isinstance(answer, HttpResponse):
            return answer
        forms, status = forms.after(answer), answer.status
    if "card" in request.GET:
        forms.correct.fields["promised"].widget.attrs["autofocus"] = True
    else:
        forms.card.focus()
    rows = fairs_paper_pledges.batches(fair)
    chosen = next((row for row in rows if batch and row.batch == batch), None)
    table = BatchTable(rows).asked(request, f"{fair.slug}-batches")
    entered = _entered(request, chosen) if chosen else None
    if file := first_file(entered or table):
        return file
    context = {
        "fair": fair,
        "batches": table,
        "entered": entered,
        "chosen": chosen,
        "forms": forms,
        "wrong": chosen and chosen.card(request.GET.get("card", "")),
    }
    return render(request, "invest/fairs/cards.html", context, status=status)


def _entered(request: UserRequest, chosen: Batch) -> CardTable:
    table = CardTable(chosen.cards)
    if chosen.batch.closed_at:
        table.columns.hide("wrong")
    return table.asked(request, f"{chosen.batch.fair.slug}-cards-{chosen.batch.number}")


@dataclass(frozen=True)
class Forms:
    """The three forms of a batch."""

    card: CardForm
    correct: CorrectForm
    close: CloseForm

    def after(self, refused: CardForm | CorrectForm | CloseForm) -> "Forms":
        """The same, with what was typed and refused in its place."""
        if isinstance(refused, CardForm):
            return replace(self, card=refused)
        if isinstance(refused, CorrectForm):
            return replace(self, correct=refused)
        return replace(self, close=refused)


Answer = HttpResponse | CardForm | CorrectForm | CloseForm


def _open(request: UserRequest, fair: Fair, _batch: CardBatch | None) -> Answer:
    batch = paper_pledges.open_batch(fair=fair, by=actor(request), at=timezone.now())
    return redirect(_address(fair, batch))


def _enter(request: UserRequest, fair: Fair, batch: CardBatch | None) -> Answer:
    form = CardForm(request.POST, projects=fairs_paper_pledges.projects(fair))
    if batch is not None and form.is_valid():
        try:
            card = paper_pledges.enter(
                batch=batch,
                serial=form.cleaned_data["serial"],
                project=form.cleaned_data["project"],
                giver=form.giver(),
                promised=form.promised(),
                on=_day(fair),
                by=actor(request),
                at=timezone.now(),
            )
        except Refused as refusal:
            form.blame(refusal)
        else:
            messages.success(request, _("Card %(n)s is in.") % {"n": card.serial})
            return redirect(_address(fair, batch, project=form.cleaned_data["project"].pk))
    return form


def _correct(request: UserRequest, fair: Fair, batch: CardBatch | None) -> Answer:
    card = _card_of(request, fair, batch)
    form = CorrectForm(request.POST, auto_id="id_correct_%s")
    if form.is_valid():
        told = form.cleaned_data["promised"]
        promised = kronor(int(told * 100)) if card.pledge_id else told
        try:
            paper_pledges.correct(card=card, promised=promised, on=today(), by=actor(request))
            messages.success(request, _("Card %(n)s is put right.") % {"n": card.serial})
            return redirect(_address(fair, card.batch))
        except Refused as refusal:
            form.refuse("promised", refusal)
    return form


def _withdraw(request: UserRequest, fair: Fair, batch: CardBatch | None) -> Answer:
    card = _card_of(request, fair, batch)
    try:
        paper_pledges.withdraw(
            card=card, on=today(), by=actor(request), reason=_("Entered wrongly")
        )
        messages.success(request, _("Card %(n)s is withdrawn.") % {"n": card.serial})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(_address(fair, card.batch))


def _close(request: UserRequest, fair: Fair, batch: CardBatch | None) -> Answer:
    form = CloseForm(request.POST, auto_id="id_close_%s")
    if batch is not None and form.is_valid():
        try:
            paper_pledges.close_batch(
                batch=batch, **form.cleaned_data, by=actor(request), at=timezone.now()
            )
            messages.success(request, _("The batch is closed: counted by hand and alike."))
            return redirect("cards", fair.slug)
        except Refused as refusal:
            form.refuse(None, refusal)
    return form


STEPS: dict[str, Callable[[UserRequest, Fair, CardBatch | None], Answer]] = {
    "open": _open,
    "enter": _enter,
    "correct": _correct,
    "withdraw": _withdraw,
    "close": _close,
}


def _forms(request: UserRequest, fair: Fair) -> Forms:
    """The next card is most often for the same project as the last."""
    initial = {"project": request.GET.get("project", "")}
    return Forms(
        card=CardForm(projects=fairs_paper_pledges.projects(fair), initial=initial),
        correct=CorrectForm(auto_id="id_correct_%s"),
        close=CloseForm(auto_id="id_close_%s"),
    )


def _batch_of(request: UserRequest, fair: Fair) -> CardBatch | None:
    number = request.GET.get("batch", "")
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        raise Http404
    return get_object_or_404(fair.batches.select_related("fair"), number=int(number))


def _card_of(request: UserRequest, fair: Fair, batch: CardBatch | None) -> PledgeCard:
    if batch is None:
        raise Http404
    cards = batch.cards.filter(fair=fair).select_related("batch")
    return get_object_or_404(cards, pk=row_number(request.GET.get("card", "")))


def _day(fair: Fair) -> date:
    """A card was filled in at the fair, however much later it is entered."""
    return min(today(), timezone.localdate(fair.starts_at))


def _address(fair: Fair, batch: CardBatch, **more: int) -> str:
    return f"{reverse('cards', args=[fair.slug])}?{urlencode({'batch': batch.number, **more})}"
