"""The unit every installation starts with."""

from django.db import migrations


def put(apps, schema_editor):
    apps.get_model("pools", "Unit").objects.create(
        code="SEK", name="Svenska kronor", kind="money", scale=2
    )


class Migration(migrations.Migration):
    dependencies = [("pools", "0001_initial")]
    # Not taken away again: ledgers may count it.
    operations = [migrations.RunPython(put, migrations.RunPython.noop)]
