"""Share an amount by weights, exact to the öre. Needs no database."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pools.errors import Refused
from pools.money import format_minor, parse_amount, split


class Command(BaseCommand):
    """`manage.py split --total 10000.00 --weights 5000,2500,1250 --format json`."""

    help = "Share an amount by weights; the parts always add up to the whole."
    requires_system_checks = []  # Pure arithmetic.

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The whole, the weights, and how to show the parts."""
        parser.add_argument("--total", required=True)
        parser.add_argument("--weights", required=True, help="whole numbers, comma-separated")
        parser.add_argument("--format", default="table", choices=["json", "table"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Compute and print."""
        try:
            total = parse_amount(options["total"], scale=2)
            weights = [parse_weight(text) for text in options["weights"].split(",")]
            parts = [format_minor(part, scale=2) for part in split(total, weights)]
        except (Refused, ValueError) as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["format"] == "json":
            answer = {"total": format_minor(total, scale=2), "parts": parts}
            self.stdout.write(json.dumps(answer, indent=1))
        else:
            self.stdout.write(
                "\n".join(f"{w:>12}  {p:>16}" for w, p in zip(weights, parts, strict=True))
            )


def parse_weight(text: str) -> int:
    """A weight ≥ 0 in ASCII digits. Raises ValueError."""
    if not (text.strip().isascii() and text.strip().isdigit()):
        raise ValueError(f"not a weight: {text!r}")
    return int(text)
