from django.db import migrations, models
from django.db.models import F


def as_of_their_word(apps, schema_editor):
    """They knew what stood there on the day they agreed to it."""
    apps.get_model("invest", "Producer").objects.update(checked_on=F("agreed_on"))


class Migration(migrations.Migration):
    dependencies = [("invest", "0011_path_of_a_group")]

    operations = [
        migrations.RemoveField(model_name="producer", name="organisation"),
        migrations.RemoveField(model_name="producer", name="takes_vouchers"),
        migrations.AddField(
            model_name="producer", name="checked_on", field=models.DateField(null=True)
        ),
        migrations.RunPython(as_of_their_word, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="producer",
            name="checked_on",
            field=models.DateField(help_text="The day somebody last saw that it is right."),
        ),
        migrations.AddField(
            model_name="signup",
            name="name",
            field=models.CharField(
                blank=True,
                default="",
                help_text="As it was typed here; empty: the address stands.",
                max_length=120,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="minute",
            name="struck_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="minute",
            name="struck_by",
            field=models.CharField(blank=True, default="", help_text="Opaque: user:7.", max_length=60),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="minute",
            name="struck_why",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
    ]
