"""Organisations: founded once by name, given books with their own bank account, and roles."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from invest.kinds.refusals import BadTerms
from invest.models import Organisation, Project, Role, User, Vehicle
from invest.organisations.refusals import OrganisationNamed
from invest.people import plain
from invest.refusals import WrongState
from invest.similarity import of_name
from invest.slugs import free_slug
from invest.vehicles import books
from pools.bank.accounts import read_iban
from pools.models import BankAccount


def named(name: str, municipality: str) -> Organisation | None:
    """The one of that name in the municipality, in any case."""
    found: Organisation | None = of_name(Organisation.objects.order_by("pk"), name, municipality)
    return found


def found(*, name: str, form: str, municipality: str) -> Organisation:
    """A new organisation, without books. Raises OrganisationNamed, UnsafeText, TextTooLong."""
    name, municipality = plain(name), plain(municipality, most=60)
    if other := named(name, municipality):
        raise OrganisationNamed(name=other.name, municipality=other.municipality)
    return Organisation.objects.create(
        slug=free_slug(name, "grupp", Organisation, Project, Vehicle, most=40),
        name=name,
        form=form,
        municipality=municipality,
    )


@transaction.atomic
def open_books(
    *, organisation: Organisation, on: date, iban: str, bankgiro: str = "", swish: str = ""
) -> BankAccount:
    """Books with the organisation's own bank account.

    Raises WrongState where it has books, BadTerms for no IBAN or another organisation's.
    """
    now = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if now.ledger_id is not None:
        raise WrongState(state=_("it has books already"))
    if not (number := read_iban(iban)):
        raise BadTerms(
            field="iban", reason=_("that is no IBAN: a Swedish one begins with SE and has 24 signs")
        )
    if BankAccount.objects.filter(iban=number).exists():
        raise BadTerms(field="iban", reason=_("another organisation has that account"))
    payee = organisation.name
    return books.open_books(
        organisation=organisation, on=on, iban=number, payee=payee, bankgiro=bankgiro, swish=swish
    )


def give_role(*, organisation: Organisation, email: str, kind: str, since: date) -> Role:
    """A role for whoever logs in by an address, once; the login is made where there is none."""
    user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(email)
    role, _made = Role.objects.get_or_create(
        user=user, organisation=organisation, kind=kind, until=None, defaults={"since": since}
    )
    return role
