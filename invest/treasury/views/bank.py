"""The bank's page: a file in, what is perhaps told twice, what waits, what was placed."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from invest.models import Organisation
from invest.treasury import answers, importing, queries, suggesting
from invest.treasury.agreement import Agreement, Opening, agreement, missing_opening
from invest.treasury.forms import BankFileForm
from invest.treasury.queries import Waiting
from invest.treasury.refusals import FileNotKept
from invest.treasury.suggesting import Suggestion
from invest.treasury.tables import FileTable, PlacedTable, WaitingTable
from invest.treasury.views import own
from invest.vehicles import books
from invest.web.desk import UserRequest, actor, desk, row_number, today
from invest.web.tables import DeskTable, first_file
from pools import uploads
from pools.errors import Refused
from pools.models import BankAccount, BankFile, BankLine, BankMode, Movement


@dataclass(frozen=True)
class Card:
    """An account in short."""

    account: BankAccount
    mode: str
    number: int
    questions: int
    agreement: Agreement
    opening: Opening | None


@dataclass(frozen=True)
class Sums:
    """What waits, in öre, by direction."""

    number: int
    in_minor: int
    out_minor: int


@dataclass(frozen=True)
class Question:
    """A movement that is perhaps told twice, by its first line, and what it may be."""

    line: BankLine
    movement: Movement
    alike: list[Movement]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("bank")
def bank(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Import a file, and see what waits for a place."""
    accounts = own.accounts(organisation)
    form = BankFileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"organisation": organisation, "form": form}
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                context |= _take_in(request, organisation, form.cleaned_data["file"])
            except Refused as refusal:
                form.refuse("file", refusal)
        status = 200 if form.is_valid() else form.status
    lists = _lists(request, organisation, accounts)
    if file := first_file(*(each for each in lists.values() if isinstance(each, DeskTable))):
        return file
    context |= lists | _around(organisation, accounts, lists["waiting"])
    context["files_here"] = own.kept(lists["files"].records)
    return render(request, "invest/treasury/bank.html", context, status=status)


def _take_in(
    request: UserRequest, organisation: Organisation, file: "UploadedFile[Any]"
) -> dict[str, Any]:
    imported = importing.import_file(
        data=file.read(),
        file_name=file.name or "",
        organisation=organisation,
        by=actor(request),
    )
    return {"imported": imported, "gaps": importing.gaps_of(imported.intake)}


def _lists(
    request: UserRequest, organisation: Organisation, accounts: list[BankAccount]
) -> dict[str, Any]:
    """What waits, as the address narrows it; what was placed; the files."""
    chosen = row_number(request.GET.get("account", ""))
    direction = request.GET.get("direction", "")
    mine = [row for row in accounts if row.pk == chosen] or accounts
    waits = queries.waiting_on(mine, today())
    if direction in {"in", "out"}:
        waits = [row for row in waits if row.is_out is (direction == "out")]
    name = f"{organisation.slug}-bank"
    waiting = WaitingTable(waits).asked(request, f"{name}-waiting")
    found = [row.record for row in waiting.rows]
    return {
        "waiting": waiting,
        "sums": _sums(found),
        "chosen": mine[0] if len(mine) == 1 and len(accounts) > 1 else None,
        "direction": direction if direction in {"in", "out"} else "",
        "placed": PlacedTable(queries.placed(*accounts), prefix="placed-").asked(
            request, f"{name}-placed"
        ),
        "files": FileTable(queries.files(*accounts), prefix="files-").asked(
            request, f"{name}-files"
        ),
    }


def _sums(rows: list[Waiting]) -> Sums:
    signed = [row.signed_minor for row in rows]
    return Sums(
        len(signed),
        sum(minor for minor in signed if minor > 0),
        sum(minor for minor in signed if minor < 0),
    )


def _around(
    organisation: Organisation, accounts: list[BankAccount], waiting: WaitingTable
) -> dict[str, Any]:
    """The accounts in short, the questions, what is expected, and what the shown rows might be."""
    ledger = organisation.ledger
    assert ledger is not None  # noqa: S101 -- own.accounts asks
    expected = suggesting.expected(ledger, today())
    calls = queries.open_calls(ledger)
    shown: list[tuple[Waiting, list[Suggestion]]] = [
        (row, suggesting.for_waiting(row, calls, expected)) for row in waiting.records
    ]
    return {
        "cards": [_card(account) for account in accounts],
        "questions": [
            Question(movement.lines.all()[0], movement, list(queries.alike(movement)))
            for movement in queries.asked(*accounts)
        ],
        "shown": shown,
        "changes": organisation.bank_account_changes.filter(
            is_agreed=None, taken_back_at=None
        ).count(),
        "expected": expected,
    }


def _card(account: BankAccount) -> Card:
    return Card(
        account,
        str(BankMode.Mode(books.mode_on(account, today())).label),
        len(queries.waiting(account)),
        queries.asked(account).count(),
        agreement(account),
        missing_opening(account),
    )


@never_cache
@require_POST
@desk("bank")
def settle_own(request: UserRequest, organisation: Organisation, line: int) -> HttpResponse:
    """What is perhaps told twice is a payment of its own."""
    return _settled(request, organisation, _line(organisation, line), None)


@never_cache
@require_POST
@desk("bank")
def settle_same(
    request: UserRequest, organisation: Organisation, line: int, movement: int
) -> HttpResponse:
    """What is perhaps told twice is a payment that is booked already."""
    found = _line(organisation, line)
    mine = Movement.objects.filter(bank_account__in=own.accounts(organisation))
    return _settled(request, organisation, found, get_object_or_404(mine, pk=movement))


def _line(organisation: Organisation, pk: int) -> BankLine:
    rows = BankLine.objects.filter(statement__bank_account__in=own.accounts(organisation))
    return get_object_or_404(rows.select_related("statement", "movement"), pk=pk)


def _settled(
    request: HttpRequest, organisation: Organisation, line: BankLine, same_as: Movement | None
) -> HttpResponse:
    try:
        outcome = answers.settle(line=line, same_as=same_as, by=actor(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("bank", organisation.slug)
    if outcome is None:
        messages.info(request, _("That question is answered already. Nothing was changed."))
    elif same_as is not None:
        messages.success(request, _("It is one payment, booked once."))
    else:
        placed = len(outcome.placed)
        told = ngettext(
            "Booked as a payment of its own. %(n)s found its promise by the reference.",
            "Booked as a payment of its own. %(n)s found their promises by the reference.",
            placed,
        )
        messages.success(request, told % {"n": placed})
    return redirect("bank", organisation.slug)


@never_cache
@require_safe
@desk("bank")
def bank_file(request: UserRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """A file exactly as it was received; never opened by a browser here."""
    found = get_object_or_404(queries.files(*own.accounts(organisation)), pk=pk)
    data = uploads.read(found.sha256)
    if data is None:
        refusal = FileNotKept()
        context = {"organisation": organisation, "refusal": refusal}
        return render(request, "invest/treasury/file_not_kept.html", context, status=refusal.status)
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{_safe(found)}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; frame-ancestors 'none'"
    return response


def _safe(file: BankFile) -> str:
    """The name it came with, in letters that no header or disk stumbles over."""
    name = file.name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "_" for sign in name
    )
    return kept.strip("._")[-100:] or f"{file.sha256[:12]}.xml"
