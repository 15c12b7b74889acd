"""Open what a group needs on its first evening: itself, its place, its people, and its books."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from invest.models import Organisation, Role
from invest.organisations import founding
from invest.places import places
from pools.errors import Refused

ROLES = {
    "organiser": Role.Kind.ORGANISER,
    "treasurer": Role.Kind.TREASURER,
    "approver": Role.Kind.APPROVER,
    "auditor": Role.Kind.AUDITOR,
}


class Command(BaseCommand):
    """`manage.py open_group NAME --municipality NAME --organiser EMAIL …`."""

    help = (
        "Open a group with its place, people and books. Run again it adds what is new, such as "
        "--iban when the group has a bank account; nothing is made twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, where, and whatever the group has already."""
        parser.add_argument("name", help="of the group, as on its papers")
        parser.add_argument("--municipality", required=True)
        parser.add_argument("--form", choices=Organisation.Form.values, default="grupp")
        parser.add_argument("--place", help="a place for its inventory and gatherings")
        for name in ROLES:
            parser.add_argument(f"--{name}", action="append", default=[], metavar="EMAIL")
        parser.add_argument("--iban", help="its own account: opens its books")
        parser.add_argument("--bankgiro", default="")
        parser.add_argument("--swish", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """All of it or nothing, and tell what there is."""
        try:
            with transaction.atomic():
                group = self._open(options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        books = "with books" if group.ledger_id else "without books yet: give --iban"
        self.stdout.write(f"{group.name} ({group.slug}) is open, {books}.")
        for role in group.roles.filter(until__isnull=True).order_by("kind", "user__email"):
            self.stdout.write(f"  {role.kind}: {role.user.email}")
        for place in group.places.order_by("name"):
            self.stdout.write(f"  place: {place.name}")

    def _open(self, options: dict[str, Any]) -> Organisation:
        name, municipality, on = options["name"], options["municipality"], timezone.localdate()
        group = founding.named(name, municipality) or founding.found(
            name=name, form=options["form"], municipality=municipality
        )
        for option, kind in ROLES.items():
            for email in options[option]:
                self._refuse_address(email)
                founding.give_role(organisation=group, email=email, kind=kind, since=on)
        place = options["place"]
        if place and not group.places.filter(name__iexact=place).exists():
            places.add_place(organisation=group, name=place, municipality=municipality)
        if options["iban"] and group.ledger_id is None:
            money = {name: options[name] for name in ("iban", "bankgiro", "swish")}
            founding.open_books(organisation=group, on=on, **money)
        return group

    def _refuse_address(self, email: str) -> None:
        try:
            validate_email(email)
        except ValidationError as wrong:
            raise CommandError(f"{email} is no e-mail address.") from wrong
