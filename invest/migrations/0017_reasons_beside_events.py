"""Why each step was taken moves beside its event; the guards are down while migrations run."""

import hashlib
import hmac
import secrets

from django.db import migrations
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

LOGS = ("ActionEvent", "InKindEvent", "PledgeEvent", "StageEvent")
BATCH = 500


def commit(salt, text):
    return hmac.new(salt.encode(), text.encode(), hashlib.sha256).hexdigest()


def move(apps, schema_editor):
    alias = schema_editor.connection.alias
    texts = apps.get_model("invest", "EventText")._default_manager.using(alias)
    for log in LOGS:
        events = apps.get_model("invest", log)._default_manager.using(alias)
        waiting = events.exclude(reason="").filter(words=None).order_by("pk")
        while batch := list(waiting[:BATCH]):
            made = texts.bulk_create(
                texts.model(salt=secrets.token_hex(16), text=event.reason) for event in batch
            )
            for event, words in zip(batch, made, strict=True):
                event.words_id = words.pk
                event.words_commitment = commit(words.salt, words.text)
            events.bulk_update(batch, ["words", "words_commitment"])


def move_back(apps, schema_editor):
    """What is erased stays erased."""
    alias = schema_editor.connection.alias
    texts = apps.get_model("invest", "EventText")._default_manager.using(alias)
    for log in LOGS:
        events = apps.get_model("invest", log)._default_manager.using(alias)
        words = texts.filter(pk=OuterRef("words_id")).values("text")
        events.exclude(words=None).update(reason=Coalesce(Subquery(words), F("reason")))


class Migration(migrations.Migration):
    dependencies = [("invest", "0016_words_beside_events")]

    operations = [migrations.RunPython(move, move_back)]
