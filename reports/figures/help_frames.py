"""Help in kind as it is read: events and needs."""

from datetime import date

import pandas as pd
from django.db.models import Q

from invest.models import InKindEvent, Need
from invest.progress.sums import KnownTo
from reports.figures.scope import Scope
from reports.figures.tables import as_frame


def help_frame(
    scope: Scope, projects: list[int], as_of: date, known_to: KnownTo | None
) -> pd.DataFrame:
    """One row a step of help in kind, oldest first: help, at, on, state, quantity (Decimal), person
    (forgotten: −help), project, sort, unit, need (0: none), fair (0: none), unit_value_minor (None:
    nobody has said), is_here: offered to a project of the scope, in its time. Of a fair, also what
    was offered at every other fair.
    """
    if scope.kind:
        projects = []  # Help goes to a project, not to a vehicle of some kind.
    here = Q(in_kind__project__in=projects)
    if scope.fair is not None:
        here |= Q(in_kind__fair__isnull=False)
    events = InKindEvent.objects.filter(here, on__lte=as_of)
    if known_to is not None:
        events = events.filter(known_to.bound(InKindEvent))
    rows = events.order_by("in_kind", "number").values_list(
        "in_kind_id",
        "at",
        "on",
        "to_state",
        "quantity",
        "in_kind__person_id",
        "in_kind__project_id",
        "in_kind__sort",
        "in_kind__unit_id",
        "in_kind__need_id",
        "in_kind__fair_id",
        "in_kind__unit_value_minor",
    )
    columns = [
        "help",
        "at",
        "on",
        "state",
        "quantity",
        "person",
        "project",
        "sort",
        "unit",
        "need",
        "fair",
        "unit_value_minor",
    ]
    frame = as_frame(rows, columns).fillna({"need": 0, "fair": 0})
    frame["person"] = frame["person"].fillna(-frame["help"])
    first = frame.groupby("help")["on"].transform("first")
    frame["is_here"] = frame["project"].isin(projects)
    if scope.since is not None:
        frame["is_here"] &= first >= scope.since
    return frame.astype(dict.fromkeys(["help", "person", "project", "need", "fair"], "int64"))


def needs_frame(projects: list[int], known_to: KnownTo | None) -> pd.DataFrame:
    """One row a need: need, project, money_minor (0: none), quantity (Decimal; None: of money)."""
    needs = Need.objects.filter(project__in=projects)
    if known_to is not None:
        needs = needs.filter(known_to.bound(Need))
    rows = needs.order_by("pk").values_list("pk", "project_id", "money", "quantity")
    frame = as_frame(rows, ["need", "project", "money", "quantity"], ["need", "project"])
    money = [int(kronor * 100) if kronor is not None else 0 for kronor in frame.pop("money")]
    frame["money_minor"] = pd.Series(money, dtype="int64")
    return frame
