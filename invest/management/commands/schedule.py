"""Print a repayment schedule, exact to the öre. Needs no database."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from invest.kinds.schedules import DAY_COUNTS, TYPES, Due, Loan, plan
from pools.errors import Refused
from pools.money import format_minor, parse_amount


class Command(BaseCommand):
    """`manage.py schedule --kind annuity --principal 50000 --rate 4 --periods 24 --start DATE`."""

    help = "Print a repayment schedule."
    requires_system_checks = []  # Pure arithmetic.

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The loan, and how to show it."""
        parser.add_argument("--kind", required=True, choices=sorted(TYPES))
        parser.add_argument("--principal", required=True)
        parser.add_argument("--rate", default="0", help="per cent a year")
        parser.add_argument("--periods", required=True, type=int)
        parser.add_argument("--start", required=True, help="pay-out day, YYYY-MM-DD")
        parser.add_argument("--day-count", default="30E/360", choices=sorted(DAY_COUNTS))
        parser.add_argument("--months-per-period", default=1, type=int)
        parser.add_argument("--fee", default="0", help="per cent a year")
        parser.add_argument("--fee-on", default="principal", choices=["principal", "balance"])
        parser.add_argument("--grace", default=0, type=int, help="first periods without principal")
        parser.add_argument("--weights", default="", help="of a weighted plan: 1,1,2")
        parser.add_argument("--revenue", default="", help="expected each period: 50000,60000")
        parser.add_argument("--share", default="0", help="per cent of the revenue")
        parser.add_argument("--saving", default="0", help="set aside beside each payment")
        parser.add_argument("--units", default=0, type=int, help="handed over in all, in kind")
        parser.add_argument("--roll", action="store_true", help="to the next banking day")
        parser.add_argument("--format", default="table", choices=["json", "table"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Compute and print."""
        try:
            loan = loan_of(options)
            rows = [row(due) for due in plan(options["kind"], loan)]
        except (Refused, ValueError) as refusal:
            raise CommandError(str(refusal)) from refusal
        except InvalidOperation as refusal:
            raise CommandError("a rate, fee or share is not a number") from refusal
        self.stdout.write(
            json.dumps(rows, indent=1) if options["format"] == "json" else table(rows)
        )


def loan_of(options: Mapping[str, Any]) -> Loan:
    """The loan that the words describe."""
    return Loan(
        principal_minor=parse_amount(options["principal"], scale=2),
        rate_pct=Decimal(options["rate"]),
        periods=options["periods"],
        start=date.fromisoformat(options["start"]),
        day_count=options["day_count"],
        months_per_period=options["months_per_period"],
        fee_pct=Decimal(options["fee"]),
        fee_on=options["fee_on"],
        grace=options["grace"],
        weights=tuple(int(part) for part in options["weights"].split(",") if part),
        revenue_minor=tuple(
            parse_amount(part, scale=2) for part in options["revenue"].split(",") if part
        ),
        revenue_pct=Decimal(options["share"]),
        saving_minor=0 if options["saving"] == "0" else parse_amount(options["saving"], scale=2),
        units=options["units"],
        rolls=options["roll"],
    )


def row(due: Due) -> dict[str, object]:
    """A due row for programs: amounts as strings with two decimals."""
    beside: dict[str, object] = {}
    if due.saving_minor:
        beside["saving"] = format_minor(due.saving_minor, scale=2)
    if due.units:
        beside["units"] = due.units
    return {
        "period": due.period,
        "due_on": due.due_on.isoformat(),
        "principal": format_minor(due.principal_minor, scale=2),
        "interest": format_minor(due.interest_minor, scale=2),
        "fee": format_minor(due.fee_minor, scale=2),
        "payment": format_minor(due.payment_minor, scale=2),
        "balance": format_minor(due.balance_minor, scale=2),
        **beside,
    }


def table(rows: list[dict[str, object]]) -> str:
    """The rows for people: a heading, then right-aligned columns."""
    names = max((list(row) for row in rows), key=len)
    told = [[str(row.get(name, "")) for name in names] for row in rows]
    widths = [max(map(len, column)) for column in zip(names, *told, strict=True)]
    lines = [[cell.rjust(w) for cell, w in zip(row, widths, strict=True)] for row in [names, *told]]
    return "\n".join("  ".join(line) for line in lines)
