"""A report in all its formats, as files with plain names and a line on what each is."""

import io
import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from invest.models import Project
from invest.web.refusals import NoPapers, PaperTooLong
from reports.fair import FairReport
from reports.refusals import NoBrowser
from reports.render import data, sheets, slides

# What may be asked for, in the order it is made, and what it is.
FORMATS: dict[str, Promise] = {
    "json": gettext_lazy("the whole report as numbers, for programs"),
    "csv": gettext_lazy("the figures of each chart: öre, codes and days, the same in any language"),
    "xlsx": gettext_lazy("a spreadsheet with every table and its chart"),
    "pptx": gettext_lazy("a deck to show and to change, with what to say in the notes"),
    "svg": gettext_lazy("the charts as drawings that can be enlarged"),
    "png": gettext_lazy("the charts as pictures"),
    "html": gettext_lazy("one page that opens in a browser without a net"),
    "loop": gettext_lazy("slides that turn by themselves, for the hall's wall"),
    "pdf": gettext_lazy("the report on A4, to print"),
    "posters": gettext_lazy("an A3 for each project"),
}
README, KNOWN = "README.txt", "known-to.json"
# Zip wants a time; another each time would make other bytes of the same files.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Made:
    """Files by name, and what fell back on the way, in sentences."""

    files: dict[str, bytes]
    notes: tuple[str, ...]


@dataclass
class _Bench:
    """What the formats share: the report, its drawings made once each, the notes."""

    report: FairReport
    notes: list[str] = field(default_factory=list)
    can_draw: bool = True
    drawn: dict[tuple[str, str, tuple[int, int]], dict[str, bytes]] = field(default_factory=dict)

    @property
    def stem(self) -> str:
        """How the report's own files begin."""
        return f"{self.report.fair.slug}-{self.report.as_of.isoformat()}"

    def pictures(
        self,
        kind: Literal["svg", "png"] = "svg",
        theme: Literal["light", "print"] = "light",
        size: tuple[int, int] = (1200, 675),
    ) -> dict[str, bytes]:
        """Drawings by chart; none where no browser is there to draw, and a note says so."""
        from reports.render import images  # noqa: PLC0415 -- kaleido: only pictures need it

        asked = (kind, theme, size)
        if asked not in self.drawn and self.can_draw:
            width, height = size
            try:
                self.drawn[asked] = images.drawings(
                    self.report, kind=kind, width=width, height=height, theme=theme
                )
            except NoBrowser as missing:
                # One that hangs would be waited for once a format.
                self.can_draw = False
                self.say(str(missing))
        return self.drawn.get(asked, {})

    def say(self, note: str) -> None:
        """Note what fell back, once."""
        if note not in self.notes:
            self.notes.append(note)


def make(
    report: FairReport,
    wanted: Iterable[str] | None = None,
    progress: Callable[[str, int], None] = lambda _name, _done: None,
) -> Made:
    """Make the formats wanted (None: all), each told to `progress` by name with how many are done.

    Beside them stand a README and what was known, from which the figures can be made again. What
    this machine lacks is left out, or stood in for by tables, and a note says so.
    """
    asked = set(FORMATS if wanted is None else wanted)
    bench, files = _Bench(report), {}
    for done, name in enumerate((name for name in FORMATS if name in asked), start=1):
        try:
            files.update(_MAKES[name](bench))
        except (NoPapers, PaperTooLong) as missing:
            bench.say(str(missing))
        progress(name, done)
    files[KNOWN] = data.known_json(report)
    files[README] = _readme(bench, files)
    return Made(files, tuple(bench.notes))


def archive(made: Made, folder: str) -> bytes:
    """The files as a zip with one folder in it. The same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in sorted(made.files.items()):
            told = zipfile.ZipInfo(f"{folder}/{name}", _NO_TIME)
            told.compress_type, told.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            file.writestr(told, content)
    return out.getvalue()


def _html(bench: _Bench) -> dict[str, bytes]:
    from reports.render import html  # noqa: PLC0415 -- only this format needs it

    return {f"{bench.stem}.html": html.offline_page(bench.report, bench.pictures())}


def _loop(bench: _Bench) -> dict[str, bytes]:
    from reports.render import html  # noqa: PLC0415 -- only this format needs it

    pictures = bench.pictures(size=(html.LOOP_SIZE["width"], html.LOOP_SIZE["height"]))
    return {"loop.html": html.slide_loop(bench.report, pictures)}


def _pdf(bench: _Bench) -> dict[str, bytes]:
    from reports.render import pdf  # noqa: PLC0415 -- WeasyPrint: 1 s

    return {f"{bench.stem}.pdf": pdf.report_pdf(bench.report, bench.pictures(theme="print"))}


def _posters(bench: _Bench) -> dict[str, bytes]:
    from reports.render import posters  # noqa: PLC0415 -- WeasyPrint: 1 s

    if all(chart.id != "raised" for chart in bench.report.charts):
        # A poster tells what the organiser keeps off the page.
        bench.say(_("There are no posters: the report does not show what was promised and paid."))
        return {}
    pitching = Project.objects.filter(
        pitches__fair=bench.report.fair, pitches__accepted_on__isnull=False
    )
    pictures = bench.pictures(theme="print")
    return {
        f"posters/{project.slug}.pdf": posters.poster_pdf(bench.report, project.pk, pictures)
        for project in pitching.order_by("pitches__position")
    }


def _csv(bench: _Bench) -> dict[str, bytes]:
    return {f"data/{name}.csv": text for name, text in data.csv_files(bench.report).items()}


_MAKES: dict[str, Callable[[_Bench], dict[str, bytes]]] = {
    "json": lambda bench: {f"{bench.stem}.json": data.report_json(bench.report)},
    "csv": _csv,
    "xlsx": lambda bench: {f"{bench.stem}.xlsx": sheets.report_sheets(bench.report)},
    "pptx": lambda bench: {f"{bench.stem}.pptx": slides.report_deck(bench.report)},
    "svg": lambda bench: {f"charts/{n}.svg": b for n, b in bench.pictures("svg").items()},
    "png": lambda bench: {f"charts/{n}.png": b for n, b in bench.pictures("png").items()},
    "html": _html,
    "loop": _loop,
    "pdf": _pdf,
    "posters": _posters,
}


def _readme(bench: _Bench, files: dict[str, bytes]) -> bytes:
    """What each file is, what fell back, and how to make the same again."""
    report = bench.report
    told = {
        _pattern(bench, name): what for name, what in FORMATS.items() if _any(bench, name, files)
    }
    told[KNOWN] = gettext_lazy("what the books held when this was made")
    width = max(map(len, told))
    day = formats.date_format(report.as_of, "DATE_FORMAT")
    again = f"manage.py fair_report {report.fair.slug} --known-to {KNOWN}{_tongue()} --out ."
    paragraphs = [
        f"{report.fair.name}\n{_('Figures as of %(day)s.') % {'day': day}}",
        "\n".join(f"{name:{width}}  {what}" for name, what in told.items()),
        _(
            "Promised, received and enabled are three different things and are never added into"
            " one sum."
        ),
        "\n".join(bench.notes),
        _("To make the same figures again, however much is booked later:") + f"\n  {again}",
    ]
    return ("\n\n".join(part for part in paragraphs if part) + "\n").encode()


def _pattern(bench: _Bench, name: str) -> str:
    """Where a format's files are found, for people."""
    places = {
        "csv": "data/*.csv",
        "svg": "charts/*.svg",
        "png": "charts/*.png",
        "loop": "loop.html",
        "posters": "posters/*.pdf",
    }
    return places.get(name, f"{bench.stem}.{name}")


def _any(bench: _Bench, name: str, files: dict[str, bytes]) -> bool:
    wanted = re.escape(_pattern(bench, name)).replace(r"\*", "[^/]+")
    return any(re.fullmatch(wanted, file) for file in files)


def _tongue() -> str:
    return " --language en" if get_language() == "en" else ""
