"""The commands, as they are typed."""

import json
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation

from invest.models import Organisation, Place, User
from pools.models import BankAccount


def run(*words: str, **options) -> str:
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def test_schedule_prints_rows_for_programs():
    text = run(
        "schedule", "--kind=annuity", "--principal=50000", "--rate=4", "--periods=24",
        "--start=2026-01-01", "--format=json",
    )  # fmt: skip

    rows = json.loads(text)
    assert len(rows) == 24
    assert rows[0] == {
        "period": 1,
        "due_on": "2026-02-01",
        "principal": "2004.58",
        "interest": "166.67",
        "fee": "0.00",
        "payment": "2171.25",
        "balance": "47995.42",
    }
    assert (rows[-1]["payment"], rows[-1]["balance"]) == ("2171.13", "0.00")


def test_schedule_prints_a_table_for_people():
    text = run("schedule", "--kind=zero", "--principal=1 000", "--periods=3", "--start=2026-01-31")

    assert text.splitlines()[1].split() == [
        "1",
        "2026-02-28",
        "333.34",
        "0.00",
        "0.00",
        "333.34",
        "666.66",
    ]


def test_split_shares_exactly():
    text = run("split", "--total=10000.00", "--weights=5000,2500,1250,750,333", "--format=json")

    assert json.loads(text) == {
        "total": "10000.00",
        "parts": ["5084.92", "2542.46", "1271.23", "762.74", "338.65"],
    }
    assert run("split", "--total=1", "--weights=1,1").split() == ["1", "0.50", "1", "0.50"]


@pytest.mark.fault("F52")
@pytest.mark.parametrize(
    "words",
    [
        ["schedule", "--kind=annuity", "--principal=1e6", "--periods=3", "--start=2026-01-01"],
        ["schedule", "--kind=annuity", "--principal=5", "--rate=x", "--periods=3", "--start=2026"],
        ["schedule", "--kind=annuity", "--principal=5", "--periods=0", "--start=2026-01-01"],
        ["schedule", "--kind=annuity", "--principal=5", "--periods=3", "--start=yesterday"],
        ["split", "--total=-5", "--weights=1"],
        ["split", "--total=5", "--weights=0"],
        ["split", "--total=5", "--weights=1,x"],
        ["split", "--total=5", "--weights=１"],
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence(words):
    with pytest.raises(CommandError) as refusal:
        run(*words)

    assert len(str(refusal.value)) > 5


def test_the_pure_commands_need_no_database(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "split", "--total", "10", "--weights", "1,2"],
        capture_output=True, text=True, check=True,
        env={"PATH": "/usr/bin:/bin", "DATABASE_URL": f"sqlite:///{tmp_path}/none/none.sqlite3"},
    )  # fmt: skip

    assert done.stdout.split() == ["1", "3.33", "2", "6.67"]


# --- A group's first evening ----------------------------------------------------------------------

IBAN = "SE45 5000 0000 0583 9825 7466"
GROUP = ("open_group", "Byalaget", "--municipality=Åre", "--place=Norrby", "--organiser=olle@ex.se")


@pytest.mark.django_db
def test_a_group_is_opened_with_its_place_and_people_and_later_its_books(client):
    told = run(*GROUP)
    assert "without books yet" in told
    again = run(*GROUP, f"--iban={IBAN}", "--treasurer=dee@ex.se")

    group = Organisation.objects.get()
    assert "with books" in again
    assert [place.name for place in group.places.all()] == ["Norrby"]
    held = group.roles.order_by("kind").values_list("kind", "user__email")
    assert list(held) == [("organiser", "olle@ex.se"), ("treasurer", "dee@ex.se")]
    assert BankAccount.objects.get().payee == "Byalaget"
    assert run(*GROUP, f"--iban={IBAN}") == again
    client.force_login(User.objects.get(email="olle@ex.se"))
    desk = client.get(reverse("place_desk", args=[group.slug, "norrby"]))
    assert desk.url == "/accounts/2fa/"  # The role opens it, once the second step is there.


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["--iban=SE00"], "no IBAN"),
        ([f"--iban={IBAN}"], "another organisation has that account"),
        (["--treasurer=dee"], "no e-mail address"),
    ],
)
def test_a_group_is_opened_whole_or_not_at_all(wrong, said):
    run("open_group", "Grannarna", "--municipality=Åre", f"--iban={IBAN}")

    with translation.override("en"), pytest.raises(CommandError, match=said):
        run(*GROUP, *wrong)
    assert [one.name for one in Organisation.objects.all()] == ["Grannarna"]
    assert not Place.objects.exists()
