from random import Random
from django.db import transaction
from tests.pools.test_overlapping_files import *
def test_seeds(bank, monkeypatch):
    orig=intake.take_in
    def spy(**k):
        r=orig(**k); print('TAKE',k['sha256'][-1], 'new',[(m.pk,str(m)) for m in r.new],'known',r.known,'asked',[m.pk for m in r.asked])
        for m in Movement.objects.order_by('pk'): print('   ',m.pk,m,'booked' if m.entry_id else 'ASK',[(l.statement.kind,l.reference,l.told['names'],l.before_minor) for l in m.lines.all()])
        return r
    monkeypatch.setattr(intake,'take_in',spy)
    o2=movements.settle
    def spy2(**k):
        print('SETTLE',k['movement'].pk,k['same_as'] and k['same_as'].pk); return o2(**k)
    monkeypatch.setattr(movements,'settle',spy2)
    play(bank, Random(1014))
