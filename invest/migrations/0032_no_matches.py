"""Pairings stand as placements now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("invest", "0031_matches_are_placements")]

    operations = [migrations.DeleteModel(name="Match")]
