"""Deeds are called actions, and gates of law legal reviews; their tables keep their names."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("invest", "0012_checks_and_guests")]

    operations = [
        migrations.RemoveConstraint("deedevent", "deed_event_number_once"),
        migrations.AlterModelTable("deed", "invest_deed"),
        migrations.AlterModelTable("deedevent", "invest_deedevent"),
        migrations.AlterModelTable("gate", "invest_gate"),
        migrations.RenameModel("Deed", "Action"),
        migrations.RenameModel("DeedEvent", "ActionEvent"),
        migrations.RenameModel("Gate", "LegalReview"),
        migrations.RenameField("actionevent", "deed", "action"),
        migrations.RenameField("vouchercode", "deed", "action"),
        migrations.AddConstraint(
            "actionevent",
            models.UniqueConstraint(fields=("action", "number"), name="deed_event_number_once"),
        ),
        migrations.AlterField(
            "action",
            "vehicle",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="actions",
                to="invest.vehicle",
            ),
        ),
        migrations.AlterField(
            "legalreview",
            "organisation",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="legal_reviews",
                to="invest.organisation",
            ),
        ),
    ]
