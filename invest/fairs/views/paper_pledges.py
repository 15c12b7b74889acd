"""The cards desk: paper cards are entered in batches while the next one is unfolded."""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from invest.fairs import paper_pledges
from invest.fairs.forms import CardForm, CloseForm, CorrectForm
from invest.fairs.queries import paper_pledges as fairs_paper_pledges
from invest.models import CardBatch, Fair, PledgeCard
from invest.web.desk import UserRequest, actor, fair_desk, row_number, today
from pools.errors import Refused
from pools.money import kronor


@dataclass(frozen=True)
class Forms:
    """The three forms of a batch."""

    card: CardForm
    correct: CorrectForm
    close: CloseForm

    def after(self, refused: "Wrong") -> "Forms":
        """The same, with what was typed and refused in its place."""
        if isinstance(refused, CardForm):
            return replace(self, card=refused)
        if isinstance(refused, CorrectForm):
            return replace(self, correct=refused)
        return replace(self, close=refused)


Wrong = CardForm | CorrectForm | CloseForm


@never_cache
@require_safe
@fair_desk("fairs")
def cards(request: UserRequest, fair: Fair) -> HttpResponse:
    """The batches of a fair; with ?batch=2, the cards of one and the form for the next card."""
    batch = None
    if number := request.GET.get("batch", ""):
        batch = _batch(fair, row_number(number))
    return _page(request, fair, batch, card=request.GET.get("card"))


@never_cache
@require_POST
@fair_desk("fairs")
def open_batch(request: UserRequest, fair: Fair) -> HttpResponse:
    """A new pile of cards."""
    batch = paper_pledges.open_batch(fair=fair, by=actor(request), at=timezone.now())
    return redirect(_address(fair, batch))


@never_cache
@require_POST
@fair_desk("fairs")
def enter_card(request: UserRequest, fair: Fair, number: int) -> HttpResponse:
    """A card of a batch; the next is most often for the same project."""
    batch = _batch(fair, number)
    form = CardForm(request.POST, projects=fairs_paper_pledges.projects(fair))
    if form.is_valid():
        try:
            card = _enter(request, batch, form)
        except Refused as refusal:
            form.blame(refusal)
        else:
            messages.success(request, _("Card %(n)s is in.") % {"n": card.serial})
            return redirect(_address(fair, batch, project=form.cleaned_data["project"].pk))
    return _page(request, fair, batch, refused=form)


@never_cache
@require_POST
@fair_desk("fairs")
def correct_card(request: UserRequest, fair: Fair, number: int, pk: int) -> HttpResponse:
    """What the card really says."""
    card = _card(fair, number, pk)
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
    return _page(request, fair, card.batch, card=str(card.pk), refused=form)


@never_cache
@require_POST
@fair_desk("fairs")
def withdraw_card(request: UserRequest, fair: Fair, number: int, pk: int) -> HttpResponse:
    """A card that was entered wrongly; its number is never used again."""
    card, reason = _card(fair, number, pk), _("Entered wrongly")
    try:
        paper_pledges.withdraw(card=card, on=today(), by=actor(request), reason=reason)
        messages.success(request, _("Card %(n)s is withdrawn.") % {"n": card.serial})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(_address(fair, card.batch))


@never_cache
@require_POST
@fair_desk("fairs")
def close_batch(request: UserRequest, fair: Fair, number: int) -> HttpResponse:
    """A pile that was counted by hand, and is alike."""
    batch, at = _batch(fair, number), timezone.now()
    form = CloseForm(request.POST, auto_id="id_close_%s")
    if form.is_valid():
        try:
            paper_pledges.close_batch(batch=batch, **form.cleaned_data, by=actor(request), at=at)
            messages.success(request, _("The batch is closed: counted by hand and alike."))
            return redirect("cards", fair.slug)
        except Refused as refusal:
            form.refuse(None, refusal)
    return _page(request, fair, batch, refused=form)


def _enter(request: UserRequest, batch: CardBatch, form: CardForm) -> PledgeCard:
    return paper_pledges.enter(
        batch=batch,
        serial=form.cleaned_data["serial"],
        project=form.cleaned_data["project"],
        giver=form.giver(),
        promised=form.promised(),
        on=_day(batch.fair),
        by=actor(request),
        at=timezone.now(),
    )


def _page(
    request: UserRequest,
    fair: Fair,
    batch: CardBatch | None,
    *,
    card: str | None = None,
    refused: Wrong | None = None,
) -> HttpResponse:
    forms = _forms(request, fair)
    if refused is not None:
        forms = forms.after(refused)
    if card is not None:
        forms.correct.fields["promised"].widget.attrs["autofocus"] = True
    else:
        forms.card.focus()
    rows = fairs_paper_pledges.batches(fair)
    chosen = next((row for row in rows if batch and row.batch == batch), None)
    context = {
        "fair": fair,
        "here": _address(fair, batch) if batch else reverse("cards", args=[fair.slug]),
        "rows": rows,
        "chosen": chosen,
        "forms": forms,
        "wrong": chosen and chosen.card(card or ""),
    }
    status = 200 if refused is None else refused.status
    return render(request, "invest/fairs/cards.html", context, status=status)


def _forms(request: UserRequest, fair: Fair) -> Forms:
    """The next card is most often for the same project as the last."""
    initial = {"project": request.GET.get("project", "")}
    return Forms(
        card=CardForm(projects=fairs_paper_pledges.projects(fair), initial=initial),
        correct=CorrectForm(auto_id="id_correct_%s"),
        close=CloseForm(auto_id="id_close_%s"),
    )


def _batch(fair: Fair, number: int) -> CardBatch:
    return get_object_or_404(fair.batches.select_related("fair"), number=number)


def _card(fair: Fair, number: int, pk: int) -> PledgeCard:
    cards = _batch(fair, number).cards.filter(fair=fair).select_related("batch")
    return get_object_or_404(cards, pk=pk)


def _day(fair: Fair) -> date:
    """A card was filled in at the fair, however much later it is entered."""
    return min(today(), timezone.localdate(fair.starts_at))


def _address(fair: Fair, batch: CardBatch, **more: int) -> str:
    return f"{reverse('cards', args=[fair.slug])}?{urlencode({'batch': batch.number, **more})}"
