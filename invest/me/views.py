"""A saver's own page, and what one changes about oneself."""

import json
from datetime import date

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from invest import people
from invest.gatherings import queries as gatherings_queries
from invest.letters import outbox
from invest.me import desks, leaving, my_data, queries, retention
from invest.me.forms import ContactForm, ExitForm, ForgetForm
from invest.models import Consent, Person
from invest.places.queries import places
from invest.vehicles import holdings, registers
from invest.web.desk import UserRequest, actor, today
from pools.errors import Refused


@login_required
@never_cache
@require_safe
def me(request: UserRequest) -> HttpResponse:
    """Everything I promised, paid, hold, am owed and got back; and the desks I keep."""
    _myself(request)
    context = {
        "page": queries.my_page(request.user, today()),
        "cards": places.cards_of(request.user),
        "sign_ups": gatherings_queries.sign_ups_of(request.user, timezone.now()),
        "desks": desks.desks(request.user),
        "as_of": today(),
    }
    return render(request, "invest/me/me.html", context)


@login_required
@never_cache
@require_safe
def my_export(request: UserRequest) -> HttpResponse:
    """Everything that is kept about me, as one file."""
    told = my_data.my_data(_myself(request), today())
    text = json.dumps(told, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    name = f"byakassan-{today().isoformat()}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_contact(request: UserRequest) -> HttpResponse:
    """How I am reached, which letters I want, and what I have agreed to."""
    person = _myself(request)
    form = ContactForm(request.POST or None, person=person)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            _keep(person, form)
            messages.success(request, _("Kept."))
            return redirect("my_contact")
        status = form.status
    context = {"form": form, **_consents(person)}
    return render(request, "invest/me/my_contact.html", context, status=status)


def _myself(request: UserRequest) -> Person:
    """Who logs in, written to where the login is: its e-mail is proved, and may have changed."""
    person = people.claim(request.user)
    if person.email.casefold() != request.user.email.casefold():
        person.email = request.user.email
        person.save(update_fields=["email"])
    return person


def _consents(person: Person) -> dict[str, object]:
    given = list(person.consents.order_by("-given_at"))
    stands = any(c.withdrawn_at is None for c in given if c.kind == Consent.Kind.PUBLISH_NAME)
    return {"consents": given, "shows_name": stands}


def _keep(person: Person, form: ContactForm) -> None:
    people.correct(
        person=person, identity_number="", is_protected=person.is_protected, **form.contact()
    )
    outbox.leave_out(person, form.unwanted())


@login_required
@require_POST
def show_name(request: UserRequest) -> HttpResponse:
    """Give the consent to show my name."""
    people.give_consent(person=_myself(request), kind=Consent.Kind.PUBLISH_NAME, at=timezone.now())
    messages.success(request, _("Your name may now be shown where you save."))
    return redirect("my_contact")


@login_required
@require_POST
def hide_name(request: UserRequest) -> HttpResponse:
    """Take the consent back: my name goes from where it was shown."""
    kind, at = Consent.Kind.PUBLISH_NAME, timezone.now()
    leaving.stop_showing(person=_myself(request), kind=kind, at=at)
    messages.success(request, _("Your name is no longer shown anywhere."))
    return redirect("my_contact")


@login_required
@require_POST
def ask_exit(request: UserRequest, vehicle: str) -> HttpResponse:
    """Ask the organisation to leave what I hold; nothing is booked."""
    person = _myself(request)
    found = get_object_or_404(registers.own_vehicles(request.user), slug=vehicle)
    number = holdings.number_of(person, found)
    if number is None:
        raise Http404
    form = ExitForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write in a line why you want to leave."))
        return redirect("holding", found.slug)
    keeper = reverse("holder", args=[found.organisation.slug, found.slug, number])
    link, why = request.build_absolute_uri(keeper), form.cleaned_data["why"]
    try:
        leaving.ask_exit(vehicle=found, number=number, why=why, link=link, at=timezone.now())
        told = {"day": formats.date_format(today()), "organisation": found.organisation.name}
        messages.success(request, _("Asked on %(day)s. %(organisation)s answers you.") % told)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("holding", found.slug)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forget_me(request: UserRequest) -> HttpResponse:
    """Say what goes and what law keeps; then forget, log out, and say goodbye."""
    user, person = request.user, _myself(request)
    form = ForgetForm(request.POST or None, own_email=user.email)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                until = leaving.leave(user=user, on=today(), by=actor(request))
                logout(request)
                return render(request, "invest/me/forgotten.html", _kept(until))
            except Refused as refusal:
                form.refuse(None, refusal)
        status = form.status
    context = {
        "form": form,
        **_kept(retention.kept_until(person)),
        "open": leaving.still_open(person, today()),
        "roles": leaving.roles_held(user, today()),
        "held": [one for one in queries.held(user) if one.balance_minor],
    }
    return render(request, "invest/me/forget_me.html", context, status=status)


def _kept(until: date | None) -> dict[str, object]:
    """What law keeps from today on: until a day, or with no end yet."""
    is_over = until is None or until < today()
    return {"until": None if is_over else until, "has_no_end": until == date.max}
