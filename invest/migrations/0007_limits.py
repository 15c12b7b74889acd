"""Thresholds of the limit watch, each with the days it holds from and where it was read."""

from datetime import date

from django.db import migrations

FIRST = [
    (
        "prospectus-eur",
        date(2000, 1, 1),
        "2500000",
        "lag (2019:414): prospekt från 2,5 miljoner euro på tolv månader",
    ),
    (
        "prospectus-eur",
        date(2026, 6, 5),
        "12000000",
        "förordning (EU) 2024/2809; svensk nivå enligt förslaget i prop. 2025/26:86: kontrollera den",
    ),
    ("sek-per-euro", date(2000, 1, 1), "11", "Husregel: för in Riksbankens kurs när den rör sig"),
    ("spread-persons", date(2000, 1, 1), 200, "aktiebolagslagen (2005:551) 1:7–8"),
    ("limit-near-pct", date(2000, 1, 1), 80, "Husregel: varna vid fyra femtedelar av en gräns"),
    ("gate-days", date(2000, 1, 1), 365, "Husregel: titta igen varje år"),
    (
        "lenders-review",
        date(2000, 1, 1),
        50,
        "Husregel: många långivare börjar likna inlåning, lag (2004:297) 1:7",
    ),
    (
        "lent-review-minor",
        date(2000, 1, 1),
        100_000_000,
        "Husregel: mycket pengar börjar likna inlåning, lag (2004:297) 1:7",
    ),
    (
        "deposit-words",
        date(2000, 1, 1),
        ["inlåning", "insättning", "sparkonto hos oss", "deposit account"],
        "lag (2004:297): bara banker tar emot inlåning",
    ),
    (
        "marketing-words",
        date(2000, 1, 1),
        ["garanterad", "riskfri", "räntefri", "guaranteed return", "risk-free"],
        "marknadsföringslagen (2008:486): det som lovas ska vara sant",
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
