"""Thresholds of the limit watch, each with the days it holds from and where it was read."""

from datetime import date

from django.db import migrations

FIRST = [
    (
        "prospectus-eur",
        date(2000, 1, 1),
        "2500000",
        "lag (2019:414): a prospectus from 2.5 million euro over twelve months",
    ),
    (
        "prospectus-eur",
        date(2026, 6, 5),
        "12000000",
        "Regulation (EU) 2024/2809; Swedish level as proposed in prop. 2025/26:86: check it",
    ),
    ("sek-per-euro", date(2000, 1, 1), "11", "House rule: put in the Riksbank's rate as it moves"),
    ("spread-persons", date(2000, 1, 1), 200, "aktiebolagslagen (2005:551) 1:7–8"),
    ("limit-near-pct", date(2000, 1, 1), 80, "House rule: warn at four fifths of a limit"),
    ("gate-days", date(2000, 1, 1), 365, "House rule: look again every year"),
    (
        "lenders-review",
        date(2000, 1, 1),
        50,
        "House rule: many lenders begin to look like taking deposits, lag (2004:297) 1:7",
    ),
    (
        "lent-review-minor",
        date(2000, 1, 1),
        100_000_000,
        "House rule: much money begins to look like taking deposits, lag (2004:297) 1:7",
    ),
    (
        "deposit-words",
        date(2000, 1, 1),
        ["inlåning", "insättning", "sparkonto hos oss", "deposit account"],
        "lag (2004:297): only banks take deposits",
    ),
    (
        "marketing-words",
        date(2000, 1, 1),
        ["garanterad", "riskfri", "räntefri", "guaranteed return", "risk-free"],
        "marknadsföringslagen (2008:486): what is promised must be true",
    ),
]


def put(apps, schema_editor):
    setting = apps.get_model("invest", "Setting")
    for key, valid_from, value, source in FIRST:
        setting.objects.create(key=key, valid_from=valid_from, value=value, source=source)


def take(apps, schema_editor):
    keys = {key for key, *_rest in FIRST}
    apps.get_model("invest", "Setting").objects.filter(key__in=keys).delete()


class Migration(migrations.Migration):
    dependencies = [("invest", "0006_gates")]
    operations = [migrations.RunPython(put, take)]
