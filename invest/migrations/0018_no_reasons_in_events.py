"""The events keep no words of their own."""

from django.db import migrations

LOGS = ("actionevent", "inkindevent", "pledgeevent", "stageevent")


class Migration(migrations.Migration):
    dependencies = [("invest", "0017_reasons_beside_events")]

    operations = [migrations.RemoveField(log, "reason") for log in LOGS]
