"""The terms of the member bank over time: what a krona saved for a month gave, and what loans cost.

Public price lists and members' accounts; see docs/glossary.md, "Sparpoäng".
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


def put(apps, schema_editor):
    setting = apps.get_model("invest", "Setting")
    for valid_from, value, source in ERAS:
        setting.objects.create(key="jak-terms", valid_from=valid_from, value=value, source=source)


def take(apps, schema_editor):
    apps.get_model("invest", "Setting").objects.filter(key="jak-terms").delete()


class Migration(migrations.Migration):
    dependencies = [("invest", "0004_deeds")]
    operations = [migrations.RunPython(put, take)]
