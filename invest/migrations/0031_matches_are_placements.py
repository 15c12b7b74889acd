"""Every pairing is a placement; it counts from the bank's day."""

from typing import Any

from django.db import migrations


def carry(apps: Any, _editor: Any) -> None:
    """Each pairing once, those undone too."""
    placement = apps.get_model("invest", "Placement")
    undone = apps.get_model("pools", "Entry").objects.filter(reverses__isnull=False)
    until = dict(undone.values_list("reverses_id", "booked_on"))
    rows = apps.get_model("invest", "Match").objects.select_related("line__movement")
    batch = []
    for match in rows.order_by("pk").iterator():
        day = match.line.movement.booked_on
        ended = until.get(match.entry_id)
        batch.append(
            placement(
                part=match.line.movement.parts.get(),
                kind="payment",
                amount_minor=match.amount_minor,
                how=match.how,
                counts_from=day,
                counted_until=ended and max(ended, day),
                call_id=match.call_id,
                entry_id=match.entry_id,
            )
        )
    placement.objects.bulk_create(batch, batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("invest", "0030_placements")]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
