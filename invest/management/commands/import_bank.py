"""Import a bank file and pair what can be paired by reference."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from invest.treasury import matching
from pools.bank import intake
from pools.errors import Refused
from pools.models import BankAccount

BY = "command:import_bank"


class Command(BaseCommand):
    """`manage.py import_bank FILE --organisation SLUG [--dry-run]`."""

    help = "Import a camt.053 or camt.054 file; lines known already are not booked again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, whose account, and whether to keep it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--organisation", required=True)
        parser.add_argument("--dry-run", action="store_true", help="tell, and keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take the file in, pair, and tell."""
        account = BankAccount.objects.filter(
            account__ledger__organisation__slug=options["organisation"]
        ).first()
        if account is None:
            raise CommandError(f"No organisation with books is called {options['organisation']}.")
        try:
            data = options["file"].read_bytes()
            with transaction.atomic():
                brought = intake.read_and_take_in(
                    data=data, file_name=options["file"].name, bank_account=account, by=BY
                )
                outcome = matching.match_by_reference(
                    lines=brought.new, on=timezone.localdate(), by=BY
                )
                transaction.set_rollback(options["dry_run"])
        except (Refused, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        for line, reason in brought.refused:
            self.stdout.write(f"{line.key}: {reason}")
        self.stdout.write(
            f"{len(brought.new)} new, {brought.known} known, {len(brought.refused)} refused; "
            f"{len(outcome.matched)} paired, {len(outcome.waiting)} waiting."
            + (" Nothing was kept (--dry-run)." if options["dry_run"] else "")
        )
