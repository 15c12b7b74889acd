"""The settings every installation starts with. Later values are new rows, never edits."""

from datetime import date

from django.db import migrations

FIRST = [
    ("reflection-days", 14, "Distansavtalslagen (2005:59) 3 kap.: 14 days to withdraw"),
    ("call-days", 30, "House rule: days from a call to its due date"),
    ("public-group-minimum", 5, "House rule: public figures hide groups of fewer savers"),
    ("arrears-material-minor", 10_000, "House rule after EU 2022/2115: under 100 kr is not arrears"),
]


def put(apps, schema_editor):
    setting = apps.get_model("invest", "Setting")
    for key, value, source in FIRST:
        setting.objects.create(key=key, valid_from=date(2000, 1, 1), value=value, source=source)


def take(apps, schema_editor):
    apps.get_model("invest", "Setting").objects.filter(valid_from=date(2000, 1, 1)).delete()


class Migration(migrations.Migration):
    dependencies = [("invest", "0001_initial")]
    operations = [migrations.RunPython(put, take)]
