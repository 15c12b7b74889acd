"""Write an organisation's books out for another program."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from invest.models import Organisation
from pools.exports import beancount, hledger
from pools.models import Ledger

FORMATS = {"hledger": hledger.write, "beancount": beancount.write}


class Command(BaseCommand):
    """`manage.py export_book --format hledger --organisation SLUG --out PATH`."""

    help = "Export an organisation's ledgers, in money, and in what its vehicles count."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, whose, from when to when, and where to."""
        parser.add_argument("--format", required=True, choices=sorted(FORMATS))
        parser.add_argument("--organisation", required=True)
        parser.add_argument("--from", dest="since", type=date.fromisoformat)
        parser.add_argument("--to", dest="until", type=date.fromisoformat)
        parser.add_argument("--out", required=True, type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file beside its place and move it there whole."""
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None or organisation.ledger is None:
            raise CommandError(f"No organisation with books is called {options['organisation']}.")
        counted = Q(vehicle__organisation=organisation) | Q(rights_of__organisation=organisation)
        units = Ledger.objects.filter(counted).order_by("code")
        ledgers = [organisation.ledger, *units]
        lines = FORMATS[options["format"]](ledgers, since=options["since"], until=options["until"])
        out: Path = options["out"]
        half = out.with_name(f"{out.name}.part")
        with half.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)
        half.replace(out)
        self.stdout.write(f"Wrote {out}: {', '.join(ledger.code for ledger in ledgers)}.")
