"""Write a fair's report in all its formats into a folder."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from invest.models import Fair


class Command(BaseCommand):
    """`manage.py fair_report SLUG --as-of DATE --formats html,pdf --out DIR`."""

    help = (
        "Write a fair's report as files. The same day and the same --known-to give the same"
        " figures, byte by byte, however much is booked later."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which fair, of what day, as what, in which language, where to."""
        parser.add_argument("slug", help="the fair, as in its address")
        parser.add_argument("--as-of", metavar="DATE", help="YYYY-MM-DD; today if left out")
        parser.add_argument("--formats", help="with commas between; all if left out")
        parser.add_argument("--out", required=True, type=Path, help="a folder, made if need be")
        parser.add_argument("--language", choices=["sv", "en"], default="sv")
        parser.add_argument("--known-to", type=Path, metavar="FILE", help="a known-to.json")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the pack and write it. Raises CommandError with a sentence (exit 1)."""
        from reports.fair import fair_report  # noqa: PLC0415 -- pandas: 0.5 s
        from reports.render import pack  # noqa: PLC0415 -- as above

        fair = _fair(options["slug"])
        wanted = _formats(options["formats"], tuple(pack.FORMATS))
        as_of, known = _known(options["known_to"], fair)
        if options["as_of"]:
            as_of = _day(options["as_of"])
        with translation.override(options["language"]):
            report = fair_report(fair, as_of, known)
            made = pack.make(report, wanted, lambda name, _done: self.stdout.write(f"{name}: made"))
        _write(options["out"], made.files)
        for note in made.notes:
            self.stderr.write(note)
        self.stdout.write(f"Wrote {len(made.files)} files into {options['out']}.")


def _fair(slug: str) -> Fair:
    fair = Fair.objects.filter(slug=slug).first()
    if fair is None:
        known = ", ".join(Fair.objects.order_by("starts_at").values_list("slug", flat=True))
        raise CommandError(f"No fair is called {slug}. There are: {known or 'none'}.")
    return fair


def _day(typed: str) -> date:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise CommandError(f"“{typed}” is not a day, written YYYY-MM-DD.") from None
    if day > timezone.localdate():
        raise CommandError(f"{typed} is still to come; nothing can be told of it.")
    return day


def _formats(typed: str | None, every: tuple[str, ...]) -> tuple[str, ...]:
    if typed is None:
        return every
    asked = tuple(name.strip() for name in typed.split(",") if name.strip())
    unknown = [name for name in asked if name not in every]
    if unknown or not asked:
        wrong = f"No format is called {', '.join(unknown)}." if unknown else "No format was told."
        raise CommandError(f"{wrong} There are: {', '.join(sorted(every))}.")
    return asked


def _known(path: Path | None, fair: Fair) -> tuple[date, Any]:
    from reports.render.data import NotKnown, read_known  # noqa: PLC0415 -- pandas: 0.5 s

    if path is None:
        return timezone.localdate(), None
    try:
        return read_known(path.read_bytes(), fair)
    except OSError as wrong:
        raise CommandError(f"{path} cannot be read: {wrong.strerror}.") from wrong
    except NotKnown as wrong:
        raise CommandError(f"{path}: {wrong}") from wrong


def _write(out: Path, files: dict[str, bytes]) -> None:
    """Each file beside its place, then moved there whole."""
    try:
        for name, content in files.items():
            path = out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            half = path.with_name(f"{path.name}.part")
            half.write_bytes(content)
            half.replace(path)
    except OSError as wrong:
        raise CommandError(f"{out} cannot be written: {wrong.strerror}.") from wrong
