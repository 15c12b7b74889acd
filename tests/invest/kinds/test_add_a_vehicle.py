"""The kind of docs/how-to/add-a-vehicle.md: one file, one line, and it works."""

import re
import sys
import types
from pathlib import Path

import pytest
from django.urls import reverse

from invest import audit
from invest.kinds import KINDS
from invest.kinds.refusals import BadTerms, NotEnough
from invest.vehicles import actions
from pools.audit import run
from tests import factories as make
from tests.factories import DAY

PAGE = Path(__file__).parents[3] / "docs/how-to/add-a-vehicle.md"


@pytest.fixture
def harvest(db, monkeypatch):
    """The page's file as a module, and its one line."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    module = types.ModuleType("harvest_shares")
    monkeypatch.setitem(sys.modules, "harvest_shares", module)
    exec(compile(code, "harvest_shares.py", "exec"), module.__dict__)  # noqa: S102 -- our own page
    monkeypatch.setitem(KINDS, "harvest-shares", module.HarvestShares)
    offering = make.offering("harvest-shares", {"price_minor": 300_000, "boxes": 12})
    make.paid(offering, 6000, "Ada")
    make.paid(offering, 3000, "Bo")
    return offering.vehicle


def test_it_is_opened_paid_done_with_and_read(harvest):
    make.did(harvest, "fetch", holder=1, boxes=5)

    assert make.sheet(harvest, "register") == [(1, DAY, 600_000, 2), (2, DAY, 300_000, 1)]
    assert make.sheet(harvest, "boxes") == [(1, 5, 19), (2, 0, 12)]
    with pytest.raises(NotEnough):
        make.did(harvest, "fetch", holder=2, boxes=13)
    with pytest.raises(BadTerms):
        KINDS["harvest-shares"].parse({"price_minor": 1, "boxes": 0})
    assert run(audit.CHECKS) == []


def test_its_pages_and_forms_follow(harvest, client):
    client.force_login(make.user("dee", ("treasurer", harvest.organisation)))
    path = reverse("act", args=["energi", harvest.slug, "fetch"])

    page = client.get(reverse("vehicle", args=["energi", harvest.slug]))
    typed = {"key": "k", "on": DAY.isoformat(), "holder": "1", "boxes": "2", "evidence": ""}

    assert "Boxes are fetched" in page.content.decode()
    assert client.post(path, typed).status_code == 302
    assert actions.standing(harvest, DAY).of("fetch")[0].facts["boxes"] == 2
    assert client.get(reverse("new_offer", args=["energi", "harvest-shares"])).status_code == 200
