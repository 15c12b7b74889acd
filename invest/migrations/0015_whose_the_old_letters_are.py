"""Of letters written before: whose each is and what it is about, as far as its words tell.

A link in a letter leads to what it is about. Where none does, a letter to an organisation is that
one's whose address alone it is, and one to somebody who takes part in one organisation alone is
that one's. What is still unknown stays empty.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.signing import b64_decode
from django.db import migrations
from django.utils import timezone

BATCH = 500
LINK = re.compile(
    r"/(pledges/confirm|pledges|in-kind|sign-ups|cooperation|join|asset-cards/agree|listings"
    r"|invitations)/([^/\s]+)/"
)
ASSESS = re.compile(r"/projects/([\w-]+)/way/assess/")
EXIT = re.compile(r"\[([\w-]+)-(\d+)\] ")


@dataclass(frozen=True)
class Found:
    organisation: int | None
    about: str = ""
    key: str | None = None


class Reader:
    """Looks up in the tables of that day what letters link to."""

    def __init__(self, apps: Any, alias: str) -> None:
        self.apps, self.alias = apps, alias

    def rows(self, model: str) -> Any:
        return self.apps.get_model("invest", model)._default_manager.using(self.alias)

    def read(self, letter: Any) -> Found | None:
        if letter.person_id is None:
            return self._to_organisation(letter)
        if letter.kind == "gathering":
            return self._of_gathering(letter)
        links = LINK.findall(letter.text)
        if promises := [row for link in links if (row := self._promise(*link))]:
            return self._of_promises(letter, promises)
        return next(self._of_links(links), None) or self._of_whom(letter)

    def _to_organisation(self, letter: Any) -> Found | None:
        if exit_ := EXIT.match(letter.subject):
            vehicle = self.rows("Vehicle").filter(slug=exit_[1]).first()
            if vehicle:
                about = f"holding:{vehicle.pk}:{exit_[2]}:exit"
                key = f"{about}:{timezone.localdate(letter.written_at)}"
                return Found(vehicle.organisation_id, about, key)
        if (link := ASSESS.search(letter.text)) and (found := self._assessment(link[1], letter)):
            return found
        for way, word in LINK.findall(letter.text):
            if way == "invitations":
                pitch = self.rows("Pitch").filter(code=word).select_related("project").first()
                if pitch:
                    about = f"fair:{pitch.fair_id}:pitch:{pitch.pk}"
                    return Found(pitch.project.organisation_id, about)
            if way == "cooperation" and (asked := self._by_token("Cooperation", word)):
                return Found(asked.organisation_id, f"cooperation:{asked.pk}")
        theirs = self.rows("Organisation").filter(contact_email=letter.to)[:2]
        return Found(theirs[0].pk) if letter.to and len(theirs) == 1 else None

    def _assessment(self, slug: str, letter: Any) -> Found | None:
        newest = (
            self.rows("Assessment")
            .filter(project__slug=slug, at__lte=letter.written_at)
            .select_related("project")
            .order_by("-on", "-pk")
            .first()
        )
        if newest is None:
            return None
        about = f"project:{newest.project_id}:assessment:{newest.pk}"
        return Found(newest.project.organisation_id, about, f"{about}:again")

    def _of_gathering(self, letter: Any) -> Found | None:
        """By its link; of a cancelled one, which has no link, by its name."""
        tokens = [word for way, word in LINK.findall(letter.text) if way == "sign-ups"]
        theirs = self.rows("SignUp").filter(person=letter.person_id).select_related("gathering")
        if tokens:
            named = list(theirs.filter(token__in=tokens))
        else:
            named = [row for row in theirs if row.gathering.name in letter.text]
        if len(named) != 1:
            return None
        about = f"gathering:{named[0].gathering_id}:sign-up:{named[0].pk}"
        return Found(named[0].gathering.organisation_id, about)

    def _promise(self, way: str, word: str) -> Any:
        if way == "pledges/confirm":
            kind, pk, *_rest = _told(word) or ("", 0)
            if kind not in ("pledge", "in-kind"):
                return None
            return self._promises(kind).filter(pk=pk).first()
        if way in ("pledges", "in-kind"):
            return self._promises("pledge" if way == "pledges" else way).filter(token=word).first()
        return None

    def _promises(self, kind: str) -> Any:
        if kind == "pledge":
            return self.rows("Pledge").select_related("offering__vehicle", "fair")
        return self.rows("InKind").select_related("project", "fair")

    def _of_promises(self, letter: Any, promises: list[Any]) -> Found:
        promised = {_owner(row) for row in promises}
        fair = next((row.fair for row in promises if row.fair), None)
        if len(promised) == 1:
            organisation = promised.pop()
        else:
            organisation = fair.organisation_id if fair else None
        if letter.kind in ("confirm", "follow-up"):
            return Found(organisation, f"fair:{fair.pk}" if fair else "")
        pledge = promises[0]
        if letter.kind != "call":
            return Found(organisation, f"pledge:{pledge.pk}", f"pledge:{pledge.pk}:receipt")
        for call in self.rows("Call").filter(pledge=pledge.pk):
            if call.ocr in letter.text:
                is_late = timezone.localdate(letter.written_at) > call.due_on
                key = f"call:{call.pk}:late" if is_late else None
                return Found(organisation, f"call:{call.pk}", key)
        return Found(organisation, f"pledge:{pledge.pk}")

    def _of_links(self, links: list[tuple[str, str]]) -> Iterator[Found]:
        for way, word in links:
            if way == "join" and (asked := self._by_token("JoinInvitation", word)):
                vehicle = asked.offering.vehicle
                asks = vehicle.grew_from or vehicle
                about = f"invitation:{asked.pk}"
                yield Found(asks.organisation_id, about, f"{about}:asked")
            model = {"asset-cards/agree": "AssetCard", "listings": "Producer"}.get(way)
            pk = (_told(word) or [None])[0] if model else None
            row = self.rows(model).filter(pk=pk).select_related("place").first() if pk else None
            if row:
                name = "card" if model == "AssetCard" else "listing"
                yield Found(row.place.organisation_id, f"{name}:{row.pk}")

    def _of_whom(self, letter: Any) -> Found | None:
        """The one organisation that somebody takes part in."""
        ways = (
            ("Holding", "vehicle__organisation"),
            ("Pledge", "offering__vehicle__organisation"),
            ("InKind", "project__organisation"),
        )
        here = {
            pk
            for model, path in ways
            for pk in self.rows(model).filter(person=letter.person_id).values_list(path, flat=True)
        }
        return Found(here.pop()) if len(here) == 1 else None

    def _by_token(self, model: str, token: str) -> Any:
        return self.rows(model).filter(token=token).first()


def _owner(promise: Any) -> int:
    if hasattr(promise, "offering"):
        return promise.offering.vehicle.organisation_id
    return promise.project.organisation_id


def _told(signed: str) -> Any:
    """What a signed link says; that it was ours is known by its standing in our letter."""
    try:
        return json.loads(b64_decode(signed.split(":")[0].encode()))
    except ValueError:
        return None


def fill(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    letters = apps.get_model("invest", "Letter")._default_manager.using(alias)
    reader, keys, batch = Reader(apps, alias), set(), []
    for letter in letters.filter(organisation=None, about="").order_by("pk").iterator(BATCH):
        found = reader.read(letter)
        if found is None:
            continue
        letter.organisation_id, letter.about = found.organisation, found.about
        if found.key not in keys:  # Of two of the same, the first has the key.
            letter.key = found.key
            keys.add(found.key)
        batch.append(letter)
        if len(batch) == BATCH:
            letters.bulk_update(batch, ["organisation", "about", "key"])
            batch.clear()
    letters.bulk_update(batch, ["organisation", "about", "key"])


class Migration(migrations.Migration):
    dependencies = [("invest", "0014_what_a_letter_is_about")]

    # Backwards the columns go, and with them what was filled in.
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
