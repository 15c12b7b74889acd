"""A code of its own for every pitch; units of help in kind; what one of them is worth."""

from datetime import date

from django.db import migrations, models

import invest.models.fairs

# Code, name, kind, scale: whole and half hours, days, pieces and so on.
UNITS = [
    ("HOUR", "Timmar", "time", 2),
    ("DAY", "Dagar", "time", 2),
    ("PIECE", "Stycken", "count", 2),
    ("KG", "Kilogram", "count", 2),
    ("METRE", "Meter", "count", 2),
    ("SQM", "Kvadratmeter", "count", 2),
    ("PERSON", "Personer", "count", 2),
    ("INTRO", "Introduktioner", "count", 2),
    ("POST", "Inlägg", "count", 2),
    ("KLOVER", "Klöver", "local", 2),
]
SETTINGS = [
    (
        "standard-hour-minor",
        25_000,
        "Husregel: en timmes hjälp räknas till 250 kr där givaren inte säger annat",
    ),
    (
        "klover-minor",
        100,
        "Husregel: en klöver räknas till en krona, bara för jämförelse",
    ),
]


def put(apps, schema_editor):
    for pitch in apps.get_model("invest", "Pitch").objects.all():
        pitch.code = invest.models.fairs.new_code()
        pitch.accepted_on = date(2000, 1, 1)
        pitch.save(update_fields=["code", "accepted_on"])
    unit = apps.get_model("pools", "Unit")
    for code, name, kind, scale in UNITS:
        unit.objects.get_or_create(pk=code, defaults={"name": name, "kind": kind, "scale": scale})
    setting = apps.get_model("invest", "Setting")
    for key, value, source in SETTINGS:
        setting.objects.create(key=key, valid_from=date(2000, 1, 1), value=value, source=source)


def take(apps, schema_editor):
    # Units stay: ledgers may count them.
    keys = [key for key, *_rest in SETTINGS]
    apps.get_model("invest", "Setting").objects.filter(key__in=keys).delete()


class Migration(migrations.Migration):
    dependencies = [("invest", "0009_fair_floor"), ("pools", "0002_krona")]
    operations = [
        migrations.RunPython(put, take),
        migrations.AlterField(
            model_name="pitch",
            name="code",
            field=models.CharField(
                default=invest.models.fairs.new_code,
                help_text="Printed beside the QR code.",
                max_length=6,
                unique=True,
            ),
        ),
    ]
