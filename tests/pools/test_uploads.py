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
