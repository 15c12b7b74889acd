"""Recompute everything from the transfers and say what does not agree."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from invest.audit import CHECKS
from pools.audit import run
from pools.models import Ledger


class Command(BaseCommand):
    """`manage.py audit_book`: exit 1 and a line per finding, else what was checked."""

    help = "Audit every ledger, and that promises and book agree."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every check; never repair."""
        findings = run(CHECKS)
        for finding in findings:
            self.stdout.write(str(finding))
        if findings:
            raise CommandError(f"{len(findings)} findings.")
        ledgers = list(Ledger.objects.order_by("code"))
        entries = sum(ledger.head_seq for ledger in ledgers)
        self.stdout.write(
            f"{len(CHECKS)} checks, {len(ledgers)} ledgers, {entries} entries: all agrees."
        )
