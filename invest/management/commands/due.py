"""Do what a day brings: promises lapse, questions are asked, late payers reminded."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django_tasks import TaskResultStatus

from invest.tasks import STEPS


class Command(BaseCommand):
    """`manage.py due [--on YYYY-MM-DD]`: one task a step; safe to run twice."""

    help = (
        "Enqueue what a day brings. In the demo it is done at once; elsewhere the worker does it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which day."""
        parser.add_argument("--on", type=date.fromisoformat, help="the day; today if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Enqueue every step, whatever becomes of the one before; exit 1 if one failed."""
        on = options["on"] or timezone.localdate()
        failed = []
        for step in STEPS:
            result = step.enqueue(on.isoformat())
            if result.status == TaskResultStatus.SUCCESSFUL:
                self.stdout.write(f"{step.name}: {result.return_value}")
            elif result.status == TaskResultStatus.FAILED:
                failed.append(step.name)
                self.stderr.write("\n".join(error.traceback for error in result.errors))
            else:
                self.stdout.write(f"{step.name}: waits for the worker")
        if failed:
            raise CommandError(f"Failed: {', '.join(failed)}. The other steps are done.")
