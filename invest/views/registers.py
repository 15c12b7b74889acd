"""The registers' desk: who holds what, on any day, to look at and to take home."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from invest.models import Organisation
from invest.queries import registers as queries
from invest.views.gate import UserRequest, desk, today
from pools.exports.cells import csv_text
from pools.money import format_minor


@never_cache
@require_safe
@desk(*queries.REGISTER_KINDS)
def registers(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Every vehicle of the organisation."""
    vehicles = queries.vehicles_of(organisation)
    return render(
        request, "invest/registers.html", {"organisation": organisation, "vehicles": vehicles}
    )


@never_cache
@require_safe
@desk(*queries.REGISTER_KINDS)
def register(request: UserRequest, organisation: Organisation, vehicle: str) -> HttpResponse:
    """One register at the end of a day: today, or the day asked for."""
    found = get_object_or_404(queries.vehicles_of(organisation), slug=vehicle)
    asked = request.GET.get("as_of", "")
    try:
        as_of = date.fromisoformat(asked) if asked else today()
    except ValueError:
        as_of = date.max
    if as_of > today():
        reason = _("“%(asked)s” is not a day up to today, written YYYY-MM-DD.") % {"asked": asked}
        return render(request, "400.html", {"reason": reason}, status=400)
    told = queries.register(found, as_of)
    if request.GET.get("as") == "csv":
        return _as_csv(told)
    return render(request, "invest/register.html", {"organisation": organisation, "told": told})


def _as_csv(told: queries.Register) -> HttpResponse:
    """Kronor with two decimals and a point; days are ISO 8601; the last row is the sum."""
    head = [_("No."), _("Name"), _("Municipality"), _("Since"), _("Kronor"), _("Units")]
    rows: list[list[object]] = [
        [
            row.number,
            row.name,
            row.municipality,
            row.since.isoformat(),
            format_minor(row.money_minor, scale=2),
            row.units,
        ]
        for row in told.rows
    ]
    sums = ["", _("In all"), "", "", format_minor(told.money_minor, scale=2), told.units]
    response = HttpResponse(csv_text([head, *rows, sums]), content_type="text/csv; charset=utf-8")
    name = f"{told.vehicle.slug}-{told.as_of.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
