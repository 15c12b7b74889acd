"""Import a bank file and pair what can be paired by reference."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from invest.models import Organisation
from invest.treasury import importing
from pools.errors import Refused
from pools.money import format_minor

BY = "command:import_bank"


class Command(BaseCommand):
    """`manage.py import_bank FILE --organisation SLUG [--account IBAN] [--dry-run]`."""

    help = "Import a camt.053 or camt.054 file; payments known already are not booked again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, whose account, and whether to keep it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--organisation", required=True)
        parser.add_argument(
            "--account", default="", help="only this account of the organisation's (IBAN, giro)"
        )
        parser.add_argument("--dry-run", action="store_true", help="tell, and keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take the file in, pair, and tell."""
        organisation = Organisation.objects.filter(
            slug=options["organisation"], ledger__accounts__bank_account__isnull=False
        ).first()
        if organisation is None:
            raise CommandError(f"No organisation with books is called {options['organisation']}.")
        try:
            with transaction.atomic():
                imported = importing.import_file(
                    data=options["file"].read_bytes(),
                    file_name=options["file"].name,
                    organisation=organisation,
                    account=options["account"],
                    by=BY,
                )
                self._tell(imported)
                transaction.set_rollback(options["dry_run"])
        except (Refused, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["dry_run"]:
            self.stdout.write("Nothing was kept (--dry-run).")

    def _tell(self, imported: importing.Imported) -> None:
        brought, outcome = imported.intake, imported.outcome
        for number, reason in brought.refused:
            self.stdout.write(f"Entry {number} was not taken: {reason}")
        for number, reason in brought.remarks:
            self.stdout.write(f"Entry {number}: {reason}")
        for account in brought.other_accounts:
            self.stdout.write(f"Not taken: the account {account} is not the organisation's.")
        for movement in brought.asked:
            amount = format_minor(movement.amount_minor, scale=2)
            self.stdout.write(f"Perhaps told twice: {movement.booked_on} {amount}. Say which.")
        for gap in importing.gaps_of(brought):
            self.stdout.write(
                f"Between {gap.after} and {gap.before} the bank's statements do not meet:"
                f" {format_minor(gap.missing_minor, scale=2)} are missing."
            )
        self.stdout.write(
            f"{len(brought.new)} new, {brought.known} known, {len(brought.asked)} to be asked,"
            f" {len(brought.refused)} refused; {len(outcome.placed)} paired,"
            f" {len(outcome.waiting)} waiting."
        )
