"""Files as received: whole or not there, and nothing of a killed process is left behind."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pools import uploads


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_what_a_killed_process_left_is_tidied_away(folder):
    sha256 = uploads.keep(b"bank")
    place = uploads.path_of(sha256)
    place.rename(place.with_name(f".part-{sha256}-abc"))

    assert uploads.read(sha256) is None
    assert uploads.keep(b"bank") == sha256

    assert (uploads.read(sha256), list(place.parent.iterdir())) == (b"bank", [place])


def test_the_same_bytes_by_many_at_once_are_kept_once():
    data = b"x" * 100_000

    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(uploads.keep, [data] * 200))

    place = uploads.path_of(names.pop())
    assert (names, place.read_bytes(), list(place.parent.iterdir())) == (set(), data, [place])


def test_what_cannot_be_written_leaves_nothing(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(uploads.os, "fsync", lambda _handle: (_ for _ in ()).throw(OSError(28)))

    with pytest.raises(OSError, match="28"):
        uploads.keep(b"a file on a full disk")

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_part_that_is_gone_is_an_error_but_where_the_file_is_there(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    place = uploads.path_of(uploads.keep(b"kept"))

    uploads._put(tmp_path / "gone", place)

    with pytest.raises(FileNotFoundError):
        uploads._put(tmp_path / "gone", tmp_path / "nowhere" / "file")


def test_a_name_that_is_no_fingerprint_leads_nowhere():
    with pytest.raises(ValueError, match="SHA-256"):
        uploads.path_of("../etc/passwd")
    assert uploads.read("f" * 64) is None
