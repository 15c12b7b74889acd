"""What of the bank is an organisation's own: anything else is not there."""

from collections.abc import Iterable

from django.http import Http404
from django.shortcuts import get_object_or_404

from invest.models import Organisation
from invest.treasury import importing
from pools import uploads
from pools.models import BankAccount, BankFile, Part


def accounts(organisation: Organisation) -> list[BankAccount]:
    """Its accounts, the first opened first; without books there is no such page."""
    if organisation.ledger_id is None:
        raise Http404
    return list(importing.accounts_of(organisation))


def account(organisation: Organisation, pk: int) -> BankAccount:
    """One of them."""
    found = next((row for row in accounts(organisation) if row.pk == pk), None)
    if found is None:
        raise Http404
    return found


def kept(files: Iterable[BankFile]) -> set[int]:
    """Those whose contents are on our disk; a story's never were."""
    return {file.pk for file in files if uploads.path_of(file.sha256).exists()}


def part(organisation: Organisation, pk: int) -> Part:
    """A part of a movement on one of them."""
    rows = Part.objects.filter(movement__bank_account__in=accounts(organisation))
    return get_object_or_404(rows.select_related("movement__bank_account__account"), pk=pk)
