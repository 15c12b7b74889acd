"""Forget for good whoever asked for it and is kept by no law any longer. Run it every night."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from invest.me import retention


class Command(BaseCommand):
    """`manage.py purge`."""

    help = "Forget those who asked for it, when law lets."

    def handle(self, *args: Any, **options: Any) -> None:
        """Purge, and tell how many."""
        number = retention.purge(timezone.localdate())
        guests = retention.forget_guests(timezone.now())
        self.stdout.write(f"{number} forgotten, and {guests} who came to gatherings a year ago.")
