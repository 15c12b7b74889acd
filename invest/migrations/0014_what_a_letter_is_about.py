"""A letter knows whose it is, what it is about, and which one about it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("invest", "0013_actions_and_legal_reviews")]

    operations = [
        migrations.AddField(
            "letter",
            "about",
            models.CharField(blank=True, db_index=True, help_text="pledge:17.", max_length=100),
        ),
        migrations.AddField(
            "letter",
            "key",
            models.CharField(
                blank=True, help_text="pledge:17:receipt.", max_length=160, null=True, unique=True
            ),
        ),
        migrations.AddField(
            "letter",
            "organisation",
            models.ForeignKey(
                blank=True,
                help_text="Empty: of the site itself.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="letters",
                to="invest.organisation",
            ),
        ),
    ]
