"""Rates and factors that hold from a day on, each with where it was read. New ones are new rows.

The terms of the member bank over time (what a krona saved for a month gave, and what loans cost),
the state loan rate (base of the ceiling of AB (svb)), and what a kilowatt-hour avoids.
"""

from datetime import date

from django.db import migrations

ERAS = [
    (
        date(2001, 1, 1),
        {"factor": "0.9", "loan_cost": "1.3 % a year of the original loan", "stake_pct": "6"},
        "JAK: loan example of about 2001: 100 kr × 1 month × 0.9 = 90 points",
    ),
    (
        date(2005, 1, 1),
        {"factor": "1", "loan_cost": "1.5 % a year of the original loan", "stake_pct": "6"},
        "JAK: presentation of support savings, about 2005–2010",
    ),
    (
        date(2009, 1, 1),
        {"factor": "1", "loan_cost": "3 % of the debt, about 2.5 % effective", "stake_pct": "6"},
        "JAK: slides on the banking system, about 2009–2011",
    ),
    (
        date(2016, 1, 1),
        {"factor": "1", "loan_cost": "3.5 % secured, 5.5 % unsecured", "stake_pct": "6"},
        "JAK: costs and security, 2016–2020",
    ),
    (
        date(2021, 1, 1),
        {"factor": "1", "loan_cost": "4.38–4.83 % (May 2024)", "stake_pct": "varies"},
        "JAK: normally one point per krona per month, differs by account",
    ),
]
# Per cent. Later years are put in as new rows by who keeps the settings.
STATE_LOAN_RATES = {
    2017: "0.49",
    2018: "0.51",
    2019: "-0.09",
    2020: "-0.10",
    2021: "0.23",
    2022: "1.94",
    2023: "2.62",
    2024: "1.96",
}
STATE_LOAN_SOURCE = "Riksgälden, statslåneräntan 30 november %s: kontrollera den innan ett beslut vilar på den"
CARBON = ("90", "Husregel för nordisk elmix: säg vilken faktor som menas där den visas")
REFERENCE_RATES = {
    date(2000, 1, 1): "0",  # A floor for old dates: put in what held then where it is needed.
    date(2024, 7, 1): "4",
    date(2025, 1, 1): "3",
    date(2025, 7, 1): "2.5",
    date(2026, 1, 1): "2",
    date(2026, 7, 1): "2",
}
REFERENCE_SOURCE = "Riksbanken, referensräntan för halvåret (räntelagen (1975:635) 9 §): kontrollera den"
MARGINS = [
    ("svb-margin-pct", "1", "aktiebolagslagen (2005:551) 32 kap.: statslåneräntan och en procentenhet"),
    ("outlay-margin-pct", "2", "räntelagen (1975:635) 5 §: referensräntan och två procentenheter"),
    ("late-margin-pct", "8", "räntelagen (1975:635) 6 §: referensräntan och åtta procentenheter"),
]
KEYS = [*(key for key, *_rest in MARGINS), "jak-terms", "state-loan-rate-pct", "co2-g-per-kwh", "reference-rate-pct"]


def put(apps, schema_editor):
    setting = apps.get_model("invest", "Setting")
    for key, value, source in MARGINS:
        setting.objects.create(
            key=key, valid_from=date(2000, 1, 1), value=value, source=source
        )
    for valid_from, value, source in ERAS:
        setting.objects.create(key="jak-terms", valid_from=valid_from, value=value, source=source)
    for year, rate in STATE_LOAN_RATES.items():
        since = date(year, 11, 30) if year > min(STATE_LOAN_RATES) else date(2000, 1, 1)
        source = STATE_LOAN_SOURCE % year
        setting.objects.create(key="state-loan-rate-pct", valid_from=since, value=rate, source=source)
    setting.objects.create(
        key="co2-g-per-kwh", valid_from=date(2000, 1, 1), value=CARBON[0], source=CARBON[1]
    )
    for since, rate in REFERENCE_RATES.items():
        setting.objects.create(
            key="reference-rate-pct", valid_from=since, value=rate, source=REFERENCE_SOURCE
        )


def take(apps, schema_editor):
    apps.get_model("invest", "Setting").objects.filter(key__in=KEYS).delete()


class Migration(migrations.Migration):
    dependencies = [("invest", "0004_deeds")]
    operations = [migrations.RunPython(put, take)]
