from random import Random
import os
from django.db import transaction
from tests.pools.test_overlapping_files import *


def test_seeds(bank):
    bad = []
    for seed in range(2000):
        try:
            with transaction.atomic():
                play(bank, Random(seed))
                transaction.set_rollback(True)
        except AssertionError as e:
            bad.append((seed, str(e)[:20]))
    print(bad)
    assert not bad
