"""The gates of an enterprise's stages, and what a self-assessment rests on."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("invest", "0013_places_more")]

    operations = [
        migrations.AddField(
            model_name="stageevent",
            name="lacking",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Codes of what was passed over, for the reason given.",
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="pays",
            field=models.CharField(
                choices=[("yes", "Yes"), ("not-yet", "Not yet, but we see when"), ("no", "No")],
                default="no",
                help_text="Whether it pays its way.",
                max_length=8,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="assessment",
            name="evidence",
            field=models.JSONField(
                default=dict, help_text="Question code, or pays → what shows it."
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="key",
            field=models.CharField(
                default="none",
                help_text="Made before the first send.",
                max_length=80,
                unique=True,
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="assessment",
            name="words",
            field=models.CharField(
                blank=True, help_text="What to work with until then.", max_length=400
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("next_on__gt", models.F("on"))),
                name="assessment_next_is_later",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("pays__in", ["yes", "not-yet", "no"])),
                name="assessment_pays_is_known",
            ),
        ),
        migrations.CreateModel(
            name="StageAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30)),
                ("is_met", models.BooleanField()),
                ("words", models.CharField(max_length=300)),
                ("on", models.DateField()),
                ("actor", models.CharField(help_text="Opaque: user:7.", max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stage_answers",
                        to="invest.project",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True),
                        name="stage_answer_has_words",
                    )
                ],
            },
        ),
    ]
