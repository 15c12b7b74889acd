"""Check a publication that somebody carried here: `signed.json`, or the PDF it lies in."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

from reports.publish.files import Unreadable, Verdict, check_file, read_file, wrong_heads
from reports.publish.freeze import Content


class Command(BaseCommand):
    """`manage.py verify_publication FILE [--key HEX]`: exit 0 genuine, 1 changed or not ours,
    2 unreadable. Nothing is asked of the network; the books are compared where they are here.
    """

    help = "Verify signed.json or the PDF of a publication. Exit 0: genuine, 1: not, 2: unreadable."
    requires_system_checks = []  # It must run on a machine that is no server.

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and keys to trust instead of those in the settings."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--key", action="append", help="a public key in hexadecimal")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what can be said, and exit."""
        try:
            file = read_file(options["file"].read_bytes())
            content = file.content
        except (OSError, Unreadable):
            self.stderr.write(f"Unreadable: {options['file']} is no publication of Byakassan.")
            raise SystemExit(2) from None
        verdict = check_file(file, options["key"])
        if verdict is Verdict.CHANGED:
            self.stderr.write("CHANGED: this is not what was signed. Trust nothing in it.")
            raise SystemExit(1)
        if verdict is Verdict.NOT_OURS:
            self.stderr.write(f"NOT OURS: signed by the unknown key {file.signed.key}.")
            raise SystemExit(1)
        wrong = _wrong_heads(content)
        if wrong:
            self.stderr.write(
                f"Signed by us, but the books here say something else: {', '.join(wrong)}."
            )
            raise SystemExit(1)
        whose = (content["project"] or content["organisation"])["name"]
        self.stdout.write(
            f"Genuine: {whose}, publication {content['publication']} revision "
            f"{content['revision']}, figures as of {content['as_of']}.\n"
            f"{'No books are here to compare with.' if wrong is None else _compared(content)}"
        )


def _wrong_heads(content: Content) -> list[str] | None:
    """Ledgers that differ; None where there is no database to compare with."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and "mode=memory" not in str(name) and not Path(name).exists():
        return None  # Asking would make an empty file.
    try:
        return wrong_heads(content)
    except DatabaseError:
        return None


def _compared(content: Content) -> str:
    return f"Heads of {len(content['heads'])} books compared; those that are here agree."
