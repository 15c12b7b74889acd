"""A project's poster after the fair: what it has come to, on an A3 for the wall."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from invest.fairs.queries.desk import Stand, stand
from invest.models import Pitch
from invest.web import papers
from pools.wording import kronor_text, number_text, percent_text
from reports import figures
from reports.charts import SUMS
from reports.fair import FairReport
from reports.figures import FairFrames
from reports.render.dress import tones

WIDTH = 1000  # The drawing's own units across a bar.


@dataclass(frozen=True, slots=True)
class Bar:
    """One sum, with its length on the scale of all three."""

    fill: str
    label: str
    amount: str
    x: int


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on it. `savers` and `local` are sentences; empty where they may not be told."""

    stand: Stand
    bars: tuple[Bar, ...]
    goal_min: str
    goal_max: str
    goal_min_x: int
    goal_max_x: int
    reached: str
    savers: str
    local: str


def poster_pdf(report: FairReport, project_pk: int, pictures: Mapping[str, bytes]) -> bytes:
    """The poster of a project that pitched at the fair, with the report's figures. A3, one page.

    Its bars are drawn here, so `pictures` may be empty. Raises Pitch.DoesNotExist for another
    project, NoPapers where WeasyPrint is missing. Eight queries.
    """
    pitches = Pitch.objects.filter(fair=report.fair, accepted_on__isnull=False)
    pitch = pitches.select_related("fair", "project__organisation").get(project=project_pk)
    frames = figures.fair_frames(report.fair, report.as_of, report.known_to)
    context = {
        "poster": _poster(pitch, frames),
        "report": report,
        "fair": report.fair,
        "organisation": pitch.project.organisation,
        "site_name": settings.SITE_NAME,
    }
    return papers.pdf(render_to_string("reports/paper_project_poster.html", context))


def _poster(pitch: Pitch, frames: FairFrames) -> Poster:
    table = figures.raised_by_project(frames)
    row: Any = next(r for r in table.itertuples() if r.project == pitch.project_id)
    sums = {code: int(getattr(row, f"{code}_minor")) for code in SUMS}
    least, most = int(row.goal_min_minor), int(row.goal_max_minor)
    reached = 100 * sums["committed"] // least if least else 0
    scale = max(most, least, *sums.values()) or 1
    return Poster(
        stand=stand(pitch),
        bars=tuple(
            Bar(tones("print")[code], str(SUMS[code]), kronor_text(minor), WIDTH * minor // scale)
            for code, minor in sums.items()
        ),
        goal_min=kronor_text(least) if least else "",
        goal_max=kronor_text(most) if most > least else "",
        goal_min_x=WIDTH * least // scale,
        goal_max_x=WIDTH * most // scale,
        reached=percent_text(reached) if reached else "",
        # −1: too few to tell, or another project's few could be found from these.
        savers=number_text(row.savers) if row.savers > 0 else "",
        local=_local(pitch, frames) if row.savers > 0 else "",
    )


def _local(pitch: Pitch, frames: FairFrames) -> str:
    """How much comes from the project's own municipality, of what has a known home; empty where a
    group is too small to tell.
    """
    own = frames.projects["project"] == pitch.project_id
    pledges = frames.pledges[frames.pledges["project"] == pitch.project_id]
    table = figures.local_share(replace(frames, projects=frames.projects[own], pledges=pledges))
    known = table[table["place"] != "unknown"]
    total = int(known["amount_minor"].sum())
    if not total or table["is_hidden"].any():
        return ""
    share = percent_text(round(100 * int(known["amount_minor"].iloc[0]) / total))
    facts = {"percent": share, "place": pitch.project.municipality}
    return _("%(percent)s from %(place)s") % facts
