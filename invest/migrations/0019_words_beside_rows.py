"""Words of the other rows that only grow move beside them too; the guards are down meanwhile.

What shows a legal review, an answer, an assessment or an action, an action's facts in words, and
why goals and terms were moved. Backwards they come home, but for what is erased.
"""

import hashlib
import hmac
import json
import secrets

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

BATCH = 500
ERASED = "–"  # Backwards, in a row that must say something.
# Kind and act → its facts in words. Not what money is bound to: rules read that as a name.
FREE = {
    ("energy-shares", "plant"): {"place"},
    ("energy-shares", "reading"): {"source"},
    ("company-shares", "note"): {"text"},
    ("simple-partnership", "decide"): {"what"},
    ("simple-partnership", "contract"): {"what"},
    ("simple-partnership", "outlay"): {"what"},
    ("microfund", "enquiry"): {"what"},
    ("microfund", "application"): {"what"},
    ("microfund", "decision"): {"override"},
    ("microfund", "guarantee"): {"lender"},
    ("support-saving", "open"): {"account"},
    ("support-saving", "apply"): {"what"},
    ("support-saving", "reassign"): {"what"},
}


def commit(salt, text):
    return hmac.new(salt.encode(), text.encode(), hashlib.sha256).hexdigest()


def one(words):
    told = {name: value for name, value in words.items() if value}
    return json.dumps(told, ensure_ascii=False, sort_keys=True) if told else ""


def of_action(action):
    free = FREE.get((action.vehicle.kind, action.act), ())
    words = {name: value for name, value in action.coded.items() if name in free and value}
    action.coded = {name: value for name, value in action.coded.items() if name not in words}
    return one({"evidence": action.evidence, "facts": words})


def to_action(action, text):
    told = json.loads(text or "{}")
    action.coded = {**action.coded, **told.get("facts", {})}
    action.evidence = told.get("evidence", "")


def to_assessment(row, text):
    told = json.loads(text or "{}")
    row.evidence, row.words = told.get("evidence", {}), told.get("words", "")


def to_goal(row, text):
    told = json.loads(text or "{}")
    row.reason_sv, row.reason_en = told.get("sv", ""), told.get("en", "")


def to_field(name, empty=""):
    return lambda row, text: setattr(row, name, text or empty)


# Model → the words of a row as one text, their way home, and which columns they were in.
ROWS = {
    "Action": (of_action, to_action, ["coded", "evidence"]),
    "Assessment": (
        lambda row: one({"evidence": row.evidence, "words": row.words}),
        to_assessment,
        ["evidence", "words"],
    ),
    "GoalRevision": (
        lambda row: one({"sv": row.reason_sv, "en": row.reason_en}),
        to_goal,
        ["reason_sv", "reason_en"],
    ),
    "LegalReview": (lambda row: row.evidence, to_field("evidence", ERASED), ["evidence"]),
    "StageAnswer": (lambda row: row.words, to_field("words", ERASED), ["words"]),
    "VehicleTerms": (lambda row: row.reason, to_field("reason"), ["reason"]),
}


def batches(rows):
    """Rows in the order they came, a few at a time: PostgreSQL keeps no cursor over an update."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


def tables(apps, alias):
    texts = apps.get_model("invest", "EventText")._default_manager.using(alias)
    for name, ways in ROWS.items():
        rows = apps.get_model("invest", name)._default_manager.using(alias)
        yield texts, rows.select_related("vehicle") if name == "Action" else rows, ways


def move(apps, schema_editor):
    for texts, rows, (words_of, _home, columns) in tables(apps, schema_editor.connection.alias):
        for batch in batches(rows):
            worded = [(row, text) for row in batch if (text := words_of(row))]
            made = texts.bulk_create(
                texts.model(salt=secrets.token_hex(16), text=text) for _row, text in worded
            )
            for (row, _text), words in zip(worded, made, strict=True):
                row.beside_id = words.pk
                row.words_commitment = commit(words.salt, words.text)
            changed = ["beside", "words_commitment", *(c for c in columns if c == "coded")]
            rows.bulk_update([row for row, _text in worded], changed)


def move_back(apps, schema_editor):
    for texts, rows, (_words_of, home, columns) in tables(apps, schema_editor.connection.alias):
        for batch in batches(rows):
            kept = texts.in_bulk([row.beside_id for row in batch if row.beside_id])
            for row in batch:
                words = kept.get(row.beside_id)
                home(row, words.text if words else "")
            rows.bulk_update(batch, columns)
            texts.filter(pk__in=list(kept)).delete()


def beside(model):
    return [
        migrations.AddField(
            model,
            "beside",
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
            model,
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


LOGS = ("actionevent", "inkindevent", "pledgeevent", "stageevent")


class Migration(migrations.Migration):
    dependencies = [("invest", "0018_no_reasons_in_events")]

    operations = [
        *(migrations.RenameField(log, "words", "beside") for log in LOGS),
        migrations.AlterField("eventtext", "text", models.TextField()),
        migrations.RenameField("action", "facts", "coded"),
        migrations.AlterField(
            "action", "coded", models.JSONField(help_text="Facts in numbers, codes and days.")
        ),
        migrations.RemoveConstraint("legalreview", "gate_rests_on_evidence"),
        migrations.RemoveConstraint("stageanswer", "stage_answer_has_words"),
        *(operation for name in ROWS for operation in beside(name.lower())),
        migrations.RunPython(move, move_back),
        # Backwards the columns come back empty before they are filled.
        migrations.AlterField("legalreview", "evidence", models.CharField(default="", max_length=300)),
        migrations.AlterField("stageanswer", "words", models.CharField(default="", max_length=300)),
        migrations.RemoveField("action", "evidence"),
        migrations.RemoveField("assessment", "evidence"),
        migrations.RemoveField("assessment", "words"),
        migrations.RemoveField("goalrevision", "reason_sv"),
        migrations.RemoveField("goalrevision", "reason_en"),
        migrations.RemoveField("legalreview", "evidence"),
        migrations.RemoveField("stageanswer", "words"),
        migrations.RemoveField("vehicleterms", "reason"),
        migrations.AddConstraint(
            "legalreview",
            models.CheckConstraint(
                condition=~Q(words_commitment=""), name="gate_rests_on_evidence"
            ),
        ),
        migrations.AddConstraint(
            "stageanswer",
            models.CheckConstraint(
                condition=~Q(words_commitment=""), name="stage_answer_has_words"
            ),
        ),
    ]
