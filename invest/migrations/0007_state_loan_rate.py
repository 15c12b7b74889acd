"""The state loan rate (statslåneränta) of each 30 November: base of the ceiling of AB (svb)."""

from datetime import date

from django.db import migrations

# Per cent. Later years are put in as new rows by who keeps the settings.
RATES = {
    2017: "0.49",
    2018: "0.51",
    2019: "-0.09",
    2020: "-0.10",
    2021: "0.23",
    2022: "1.94",
    2023: "2.62",
    2024: "1.96",
}
SOURCE = "Riksgälden, statslåneränta 30 November %s: check it before a decision rests on it"


def put(apps, schema_editor):
    setting = apps.get_model("invest", "Setting")
    for year, rate in RATES.items():
        setting.objects.create(
            key="state-loan-rate-pct",
            valid_from=date(year, 11, 30) if year > min(RATES) else date(2000, 1, 1),
            value=rate,
            source=SOURCE % year,
        )


def take(apps, schema_editor):
    apps.get_model("invest", "Setting").objects.filter(key="state-loan-rate-pct").delete()


class Migration(migrations.Migration):
    dependencies = [("invest", "0006_payouts")]
    operations = [migrations.RunPython(put, take)]
