"""Why a step was taken lies beside its event, where it can be erased: the tables."""

import django.db.models.deletion
from django.db import migrations, models

LOGS = ("actionevent", "inkindevent", "pledgeevent", "stageevent")


def columns(log):
    return [
        migrations.AddField(
            log,
            "words",
            models.OneToOneField(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="%(class)s",
                to="invest.eventtext",
            ),
        ),
        migrations.AddField(
            log,
            "words_commitment",
            models.CharField(
                blank=True,
                default="",
                help_text="Of the words, erased or not; empty: there were none.",
                max_length=64,
            ),
            preserve_default=False,
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("invest", "0015_whose_the_old_letters_are")]

    operations = [
        migrations.CreateModel(
            "EventText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("salt", models.CharField(max_length=32)),
                ("text", models.CharField(max_length=300)),
            ],
        ),
        *(operation for log in LOGS for operation in columns(log)),
    ]
