"""Every line that was booked tells a movement of one part; every statement belongs to a file."""

from typing import Any

from django.db import migrations


def tell(apps: Any, _editor: Any) -> None:
    """Carry over what stands, each line once."""
    model = {name: apps.get_model("pools", name) for name in _MODELS}
    for statement in model["BankStatement"].objects.order_by("pk").iterator():
        file, _made = model["BankFile"].objects.get_or_create(
            sha256=statement.file_sha256,
            defaults={
                "name": statement.file_name,
                "received_at": statement.imported_at,
                "received_by": statement.imported_by,
            },
        )
        statement.file = file
        statement.kind = "054" if statement.closing_minor is None else "053"
        statement.save(update_fields=["file", "kind"])
        for position, line in enumerate(statement.lines.order_by("pk"), start=1):
            _tell(model, line, position)


def _tell(model: dict[str, Any], line: Any, position: int) -> None:
    line.movement = model["Movement"].objects.create(
        bank_account=line.statement.bank_account,
        amount_minor=line.amount_minor,
        booked_on=line.booked_on,
        is_reversal=line.is_reversal,
        entry=line.entry,
    )
    model["Part"].objects.create(
        movement=line.movement,
        amount_minor=line.amount_minor,
        ocr=line.ocr,
        message=line.message,
        payer_name=line.payer_name,
        payer_account=line.payer_account,
    )
    # camt:account:reference:ordinal; what the content named is a hash and says nothing.
    reference = line.key.split(":")[2] if line.key.count(":") == 3 else ""
    is_hash = len(reference) == 24 and set(reference) <= set("0123456789abcdef")
    line.position, line.reference = position, "" if is_hash else reference
    line.save(update_fields=["movement", "position", "reference"])


_MODELS = ("BankFile", "BankStatement", "Movement", "Part")


class Migration(migrations.Migration):
    dependencies = [("pools", "0003_movements")]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
