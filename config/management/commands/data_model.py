"""Draw the models as one picture, docs/data-model.svg."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.data_model import ink, rooms

PICTURE = Path("docs/data-model.svg")


class Command(BaseCommand):
    """`manage.py data_model [--out FILE]`."""

    help = "Draw the tables and what points at what: the same bytes from the same models."
    requires_system_checks = []  # The models are enough; no database is asked.

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("--out", type=Path, default=settings.BASE_DIR / PICTURE)

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw and write."""
        tower = rooms.rooms()
        options["out"].write_text(ink.draw(tower), "utf-8")
        tables = sum(len(room.tables) for room in tower)
        self.stdout.write(f"Drew {tables} tables in {len(tower)} rooms: {options['out']}")
