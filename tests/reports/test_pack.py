"""The pack: one command, one desk, and the same figures when it is made again."""

import io
import json
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from invest.models import Fair
from reports import tasks
from reports.fair import fair_report
from reports.models import Chapter, Pack
from reports.render import browser, pack
from tests import factories as make
from tests.reports.small_fair import AS_OF, SCRIPT, more_is_booked, small_fair

LIGHT = ("json", "csv", "xlsx", "pptx")  # What needs neither a browser nor WeasyPrint.


@pytest.fixture
def fair(db) -> Fair:
    return small_fair()


@pytest.fixture
def no_browser(monkeypatch) -> None:
    browser.stop()
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")


def command(out: Path, *more: str, formats: str = "csv,json") -> str:
    told = io.StringIO()
    asked = ("massan", "--formats", formats, "--out", str(out), *more)
    call_command("fair_report", *asked, stdout=told, stderr=told)
    return told.getvalue()


def files(out: Path) -> dict[str, bytes]:
    return {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()}


# --- The command ----------------------------------------------------------------------------------


def test_the_command_writes_files_with_plain_names_and_says_what_each_is(fair, tmp_path):
    said = command(tmp_path, "--as-of", "2026-11-23", formats=",".join(LIGHT))

    written = files(tmp_path)
    charts = fair_report(fair, AS_OF).charts
    assert set(written) == {
        *(f"massan-2026-11-23.{kind}" for kind in ("json", "xlsx", "pptx")),
        *(f"data/{chart.id}.csv" for chart in charts),
        "known-to.json",
        "README.txt",
    }
    readme = written["README.txt"].decode()
    assert all(name in readme for name in ("massan-2026-11-23.pptx", "data/*.csv", "known-to.json"))
    assert "massan-2026-11-23.pdf" not in readme
    assert said.splitlines()[-1] == f"Wrote {len(written)} files into {tmp_path}."


def test_s12_made_again_from_what_was_known_the_bytes_are_the_same(fair, tmp_path):
    first, again, new = (tmp_path / name for name in ("first", "again", "new"))
    command(first, "--as-of", "2026-11-23")

    more_is_booked(fair)
    command(again, "--known-to", str(first / "known-to.json"))
    command(new, "--as-of", "2026-11-23")

    assert files(again) == files(first)
    assert files(new)["data/raised.csv"] != files(first)["data/raised.csv"]


def test_the_command_speaks_the_language_asked_for(fair, tmp_path):
    command(tmp_path, "--language", "en", "--as-of", "2026-11-23")

    told = json.loads((tmp_path / "massan-2026-11-23.json").read_bytes())
    assert told["tiles"][0]["label"] == "Promised"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("annan",), "No fair is called annan. There are: massan."),
        (("massan", "--as-of", "x"), "“x” is not a day, written YYYY-MM-DD."),
        (("massan", "--as-of", "9999-12-31"), "9999-12-31 is still to come"),
        (("massan", "--formats", "pdf,doc"), "No format is called doc. There are: csv, html,"),
        (("massan", "--formats", " , "), "No format was told."),
        (("massan", "--known-to", "/nowhere.json"), "/nowhere.json cannot be read"),
    ],
)
def test_the_command_refuses_in_a_sentence(fair, tmp_path, asked, says):
    with pytest.raises(CommandError, match=re.escape(says)) as refused:
        call_command("fair_report", *asked, "--out", str(tmp_path / "out"))

    assert refused.value.returncode == 1
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_told(fair, tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(CommandError, match="cannot be written"):
        command(tmp_path / "file")


def test_without_a_browser_tables_stand_in_and_one_line_says_so(fair, tmp_path, no_browser):
    said = command(tmp_path, "--as-of", "2026-11-23", formats="svg,png,html,loop,pdf")

    written = files(tmp_path)
    notes = [line for line in said.splitlines() if "webbläsaren" in line]
    assert len(notes) == 1
    assert notes[0] in written["README.txt"].decode()
    assert {name.rsplit(".")[-1] for name in written} == {"html", "pdf", "json", "txt"}
    assert b"28\xc2\xa0000\xc2\xa0kr" in written["massan-2026-11-23.html"]


# --- The files together ---------------------------------------------------------------------------


def test_progress_is_told_format_by_format_and_the_zip_is_the_same_twice(fair):
    told: list[tuple[str, int]] = []
    report = fair_report(fair, AS_OF)

    made = pack.make(report, ("csv", "json"), lambda name, done: told.append((name, done)))

    assert told == [("json", 1), ("csv", 2)]
    zipped = pack.archive(made, "massan")
    assert zipped == pack.archive(pack.make(report, ("csv", "json")), "massan")
    with zipfile.ZipFile(io.BytesIO(zipped)) as opened:
        assert {name: opened.read(f"massan/{name}") for name in made.files} == made.files


@pytest.mark.fault("F67")
def test_a_pack_holds_nothing_that_the_page_hides(fair):
    Chapter.objects.filter(code="raised").update(is_shown=False, words_sv="Dolda ord.")

    made = pack.make(fair_report(fair, AS_OF), ("json", "csv", "html", "posters"))

    told = b"".join(made.files.values()).decode()
    assert "Dolda ord." not in told
    assert "committed_minor" not in told
    assert not [name for name in made.files if name.startswith(("posters/", "data/raised"))]
    assert any("affischer" in note for note in made.notes)


# --- The desk -------------------------------------------------------------------------------------


@pytest.fixture
def olle(fair, client):
    client.force_login(make.user("olle", ("organiser", fair.organisation)))
    return client


def sent(**more: str) -> dict[str, str]:
    """The form of parts as it stands with everything shown, and what is changed."""
    from reports.charts import CHAPTERS

    shown = {f"{code}-is_shown": "on" for code in CHAPTERS}
    return {**shown, **more}


def light_packs(monkeypatch) -> None:
    """Packs of what is made fast: the others have their own tests."""
    monkeypatch.setattr(pack, "FORMATS", {name: pack.FORMATS[name] for name in ("json", "csv")})


def ask(fair: Fair, **more) -> Pack:
    asked = {"as_of": AS_OF, "language": "sv", "by": "user:1", "at": timezone.now(), **more}
    return tasks.ask(fair=fair, **asked)


def test_the_desk_shows_the_parts_with_what_was_decided(olle, fair):
    Chapter.objects.create(fair=fair, code="savers", is_shown=False, words_en="In English")

    page = olle.get(reverse("packs", args=["massan"]))

    forms = {form.prefix: form.initial for form in page.context["chapters"]}
    assert forms["raised"]["words_sv"].startswith(SCRIPT)
    assert (forms["savers"]["is_shown"], forms["savers"]["words_en"]) == (False, "In English")
    assert forms["loans"]["is_shown"] is True
    assert "&lt;script&gt;alert(1)" in page.content.decode()


def test_words_and_parts_are_kept_and_shown_on_the_page(olle, fair):
    data = sent(**{"savers-words_sv": "Hej!\r\n\r\n" + SCRIPT})
    del data["finance-is_shown"]

    answer = olle.post(reverse("decide_report", args=["massan"]), data)

    assert answer.status_code == 302
    report = fair_report(fair, AS_OF)
    parts = {part.code: part for part in report.parts}
    assert "finance" not in parts
    assert parts["savers"].words == f"Hej!\n\n{SCRIPT}"
    page = olle.get(reverse("fair_report", args=["massan"])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert SCRIPT not in page


@pytest.mark.parametrize("words", ["å" * 4001, "Vänd \u202e om", "noll \x00"])
def test_words_that_are_too_many_or_deceive_are_refused_and_kept_in_the_form(olle, words):
    answer = olle.post(
        reverse("decide_report", args=["massan"]), sent(**{"savers-words_sv": words})
    )

    assert answer.status_code == 400
    (form,) = [form for form in answer.context["chapters"] if form.errors]
    assert form["words_sv"].value() == words
    assert not Chapter.objects.filter(code="savers").exists()


def test_lines_ends_count_once_towards_the_most(olle):
    words = "rad\r\n" * 1000

    answer = olle.post(
        reverse("decide_report", args=["massan"]), sent(**{"savers-words_sv": words})
    )

    assert answer.status_code == 302


def test_a_press_makes_a_pack_that_can_be_fetched(olle, fair, monkeypatch):
    light_packs(monkeypatch)

    answer = olle.post(
        reverse("make_pack", args=["massan"]),
        {"as_of": "2026-11-23", "language": "en"},
    )

    made = Pack.objects.get()
    assert answer["Location"] == reverse("pack", args=["massan", made.pk])
    assert (made.done, made.of, made.failed) == (2, 2, "")
    page = olle.get(answer["Location"]).content.decode()
    assert reverse("pack_zip", args=["massan", made.pk]) in page
    assert "hx-get" not in page
    zipped = olle.get(reverse("pack_zip", args=["massan", made.pk]))
    assert zipped["Content-Type"] == "application/zip"
    assert 'filename="massan-2026-11-23-en.zip"' in zipped["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(zipped.content)) as opened:
        told = json.loads(opened.read("massan-2026-11-23/massan-2026-11-23.json"))
    assert told["language"] == "en"


@pytest.mark.parametrize(
    "asked",
    [
        {"as_of": "9999-12-31", "language": "sv"},
        {"as_of": "x", "language": "sv"},
        {"as_of": "2026-11-23", "language": "de"},
    ],
)
def test_a_pack_that_cannot_be_is_refused(olle, asked):
    answer = olle.post(reverse("make_pack", args=["massan"]), asked)

    assert answer.status_code == 400
    assert not Pack.objects.exists()


def test_the_desk_itself_takes_no_post(olle):
    assert olle.post(reverse("packs", args=["massan"]), sent()).status_code == 405


def test_words_kept_twice_are_kept_once(olle, fair):
    where = reverse("decide_report", args=["massan"])
    answers = [olle.post(where, sent(**{"savers-words_sv": "Hej!"})) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Chapter.objects.get(fair=fair, code="savers").words_sv == "Hej!"


@pytest.mark.fault("F01")
def test_two_presses_make_one_pack_while_one_is_being_made(fair, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}

    first, second = ask(fair), ask(fair, language="en")

    assert first == second
    assert Pack.objects.count() == 1


def test_a_pack_being_made_tells_how_far_and_asks_again(olle, fair, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    making = ask(fair)
    Pack.objects.update(done=3)

    page = olle.get(reverse("pack", args=["massan", making.pk])).content.decode()

    assert f"3 av {making.of} format" in page
    assert f'hx-get="{reverse("pack", args=["massan", making.pk])}"' in page
    assert olle.get(reverse("pack_zip", args=["massan", making.pk])).status_code == 404


def test_a_worker_that_died_leaves_no_pack_being_made(olle, fair, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    lost = ask(fair, at=timezone.now() - tasks.PATIENCE - timedelta(seconds=1))

    page = olle.get(reverse("pack", args=["massan", lost.pk])).content.decode()
    new = ask(fair)

    assert "Arbetet avbröts" in page
    assert "hx-get" not in page
    assert new != lost
    lost.refresh_from_db()
    assert lost.failed
    assert tasks.make_pack.call(lost.pk) == 0  # A worker that wakes up again finds it given up.


def test_a_pack_that_fails_says_why_and_can_be_asked_for_again(olle, fair, monkeypatch):
    monkeypatch.setattr(pack, "FORMATS", {"papyrus": ""})  # Which nobody can make.
    failed = ask(fair)

    page = olle.get(reverse("pack", args=["massan", failed.pk])).content.decode()
    monkeypatch.undo()
    light_packs(monkeypatch)
    olle.post(
        reverse("make_pack", args=["massan"]),
        {"as_of": "2026-11-23", "language": "sv"},
    )

    assert "Något gick fel (KeyError)" in page
    assert [row.state for row in tasks.packs(fair, timezone.now())] == ["made", "failed"]


def test_the_newest_five_are_kept(fair, monkeypatch):
    light_packs(monkeypatch)

    made = [ask(fair) for _number in range(tasks.KEPT + 2)]

    assert list(Pack.objects.all()) == made[: -tasks.KEPT - 1 : -1]


def test_the_lists_leave_the_files_where_they_are(
    olle, fair, monkeypatch, django_assert_num_queries
):
    light_packs(monkeypatch)
    ask(fair)

    with django_assert_num_queries(1) as asked:
        (row,) = tasks.packs(fair, timezone.now())

    assert row.size == len(Pack.objects.get().archive)
    assert 'AS "size"' in asked.captured_queries[0]["sql"]
    assert '"reports_pack"."archive",' not in asked.captured_queries[0]["sql"]


def test_the_way_to_the_desk_is_for_its_organisers(olle, fair, client):
    door = reverse("packs", args=["massan"])

    assert door in olle.get(reverse("fair_report", args=["massan"])).content.decode()
    assert door in olle.get(reverse("fair_desk", args=["massan"])).content.decode()
    client.logout()
    assert door not in client.get(reverse("fair_report", args=["massan"])).content.decode()


def test_another_fairs_pack_is_not_there(olle, fair, monkeypatch):
    light_packs(monkeypatch)
    other = make.fair("annan", owner=make.organisation("annan", iban="SE3550000000054910000003"))
    theirs = ask(other)

    for name in ("pack", "pack_zip"):
        assert olle.get(reverse(name, args=["massan", theirs.pk])).status_code == 404
        assert olle.get(reverse(name, args=["annan", theirs.pk])).status_code == 404
