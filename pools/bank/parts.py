"""What of a camt entry each payer told: parts and charges that always sum to the entry.

Banks tell a part's amount in different places, with charges inside or beside it, and a batch may be
netted. What sums to the entry's own amount is right; where nothing does, the entry is one part with
all that was told, and that is said. Source: ISO 20022 camt, EntryTransaction and Charges.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from pools.bank import amounts
from pools.bank.accounts import is_same
from pools.bank.statements import Part
from pools.bank.xml import children, compact, one, text, texts, walk

_AMT, _TX = "Amt", "AmtDtls/TxAmt/Amt"
_INSTRUCTED, _COUNTER = "AmtDtls/InstdAmt/Amt", "AmtDtls/CntrValAmt/Amt"
_SOURCES = (_AMT, _TX, _INSTRUCTED, _COUNTER)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts; what else was told that belongs to none; whether the split is unknown."""

    parts: tuple[Part, ...]
    message: str = ""
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    """What an entry says of itself, signed, and whose account it is on."""

    amount_minor: int
    currency: str
    account: str
    is_return: bool


@dataclass(frozen=True, slots=True)
class _Charge:
    """Signed as the account feels it; `is_included`: the bank says the amount includes it."""

    amount_minor: int
    is_included: bool
    is_signed: bool  # It has an indicator of its own.


def parts_of(entry: Element, *, amount_minor: int, currency: str, account: str) -> Parts:
    """The parts of an entry of `amount_minor` öre (signed, not zero) on `account`."""
    facts = _Entry(amount_minor, currency, account, amounts.is_true(entry, "RvslInd"))
    details = details_of(entry)
    nodes = details or [entry]
    charges = [_charges(node, facts) for node in nodes]
    beside = _charges(entry, facts) if details else []
    found = _split(nodes, facts, charges, beside)
    if found is not None:
        return found
    if len(nodes) > 1:
        return Parts(
            (_whole([_part(node, amount_minor, facts) for node in nodes], amount_minor),), "", True
        )
    told = [_value(nodes[0], source, facts) for source in _SOURCES]
    is_doubtful = bool(details) and any(value is not None for value in told)
    return Parts((_part(nodes[0], amount_minor, facts),), "", is_doubtful)


def details_of(entry: Element) -> list[Element]:
    """The transactions that an entry holds, in order."""
    blocks = [entry, *children(entry, "NtryDtls")]
    return [detail for block in blocks for detail in children(block, "TxDtls")]


def _split(
    nodes: list[Element], facts: _Entry, charges: list[list[_Charge]], beside: list[_Charge]
) -> Parts | None:
    """The first way in which what is told sums to the entry; with its charges where it can."""
    values = list(_values(nodes, facts))
    for wanted in _choices(facts):
        inside = [[c for c in map(wanted, row) if c] for row in charges]
        outside = [c for c in map(wanted, beside) if c]
        for rows, more in ((inside, outside), (inside, []), ([[] for _ in nodes], outside)):
            extra = [charge.amount_minor for row in (*rows, more) for charge in row]
            if not extra:
                continue
            for told in values:
                if sum(told) + sum(extra) == facts.amount_minor:
                    return _built(
                        nodes, told, facts, [[c.amount_minor for c in row] for row in rows], more
                    )
    for told in values:
        if sum(told) == facts.amount_minor:
            return _with_included(nodes, told, facts, charges)
    return None


def _choices(facts: _Entry) -> Iterator[Callable[[_Charge], _Charge | None]]:
    """Ways of counting charges: all, those not included, those included; given back if returned."""
    yield lambda charge: charge
    yield lambda charge: None if charge.is_included else charge
    yield lambda charge: charge if charge.is_included else None
    if facts.is_return and facts.amount_minor > 0:
        yield (
            lambda charge: (
                charge if charge.is_signed else replace(charge, amount_minor=-charge.amount_minor)
            )
        )


def _values(nodes: list[Element], facts: _Entry) -> Iterator[list[int]]:
    """The signed amounts of the nodes by each source, then by the first that each node has."""
    by_source = [[_value(node, source, facts) for node in nodes] for source in _SOURCES]
    by_node = [
        next((value for value in row if value is not None), None)
        for row in zip(*by_source, strict=True)
    ]
    for row in (*by_source, by_node):
        told = [value for value in row if value is not None]
        if len(told) == len(nodes):
            yield told


def _value(node: Element, source: str, facts: _Entry) -> int | None:
    found = amounts.amount(node, source)
    if found is None or found.currency not in {facts.currency, ""}:
        return None
    if not amounts.has_sign(node):
        return found.amount_minor if facts.amount_minor > 0 else -found.amount_minor
    sign = amounts.sign(node)
    return None if sign is None else sign * found.amount_minor


def _with_included(
    nodes: list[Element], told: list[int], facts: _Entry, charges: list[list[_Charge]]
) -> Parts:
    """Charges that the bank says are in the amount are taken out of it again."""
    values, rows = [], []
    for node, value, row in zip(nodes, told, charges, strict=True):
        inside = [charge.amount_minor for charge in row if charge.is_included]
        rest = value - sum(inside)
        is_told_otherwise = one(node, _INSTRUCTED) is not None or rest * value <= 0
        values.append(value if is_told_otherwise else rest)
        rows.append([] if is_told_otherwise else inside)
    return _built(nodes, values, facts, rows, [])


def _built(
    nodes: list[Element],
    values: list[int],
    facts: _Entry,
    rows: list[list[int]],
    beside: list[_Charge],
) -> Parts:
    """The parts in order, each followed by its charges. What moves nothing leaves its text."""
    parts: list[Part] = []
    left: list[str] = []
    for node, value, charges in zip(nodes, values, rows, strict=True):
        part = _part(node, value, facts)
        if value:
            parts.append(part)
        else:
            left += [word for word in (part.ocr, *part.references, part.message) if word]
        parts += [Part(charge, is_charge=True) for charge in charges]
    parts += [Part(charge.amount_minor, is_charge=True) for charge in beside]
    return Parts(tuple(parts), " ".join(left))


def _charges(node: Element, facts: _Entry) -> list[_Charge]:
    """Its records (in version 02 the charges themselves), else their total."""
    found: list[_Charge] = []
    for block in children(node, "Chrgs"):
        records = [_charge(record, facts) for record in (*children(block, "Rcrd"), block)]
        readable = [record for record in records if record is not None]
        if not readable:
            total = amounts.amount(block, "TtlChrgsAndTaxAmt")
            if total is not None and total.currency in {facts.currency, ""}:
                readable = [
                    _Charge(-total.amount_minor, amounts.is_true(block, "ChrgInclInd"), False)
                ]
        found += [record for record in readable if record.amount_minor]
    return found


def _charge(record: Element, facts: _Entry) -> _Charge | None:
    told = amounts.amount(record)
    if told is None or told.currency not in {facts.currency, ""}:
        return None
    # A charge takes from the account unless it says otherwise.
    is_signed = amounts.has_sign(record)
    sign = amounts.sign(record) if is_signed else -1
    if sign is None:
        return None
    return _Charge(sign * told.amount_minor, amounts.is_true(record, "ChrgInclInd"), is_signed)


# --- What a part tells --------------------------------------------------------------------------


def _part(node: Element, amount_minor: int, facts: _Entry) -> Part:
    coded = [
        told.replace(" ", "")
        for path in ("RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/RfrdDocInf/Nb")
        for told in texts(node, path)
    ]
    ocr = coded[0] if coded else ""
    payer, name, account = _payer(node, amount_minor, facts)
    return Part(
        amount_minor=amount_minor,
        ocr=ocr,
        references=tuple(dict.fromkeys(other for other in _coded(node) if other != ocr)),
        message=_message(node),
        end_to_end=amounts.reference(node, "Refs/EndToEndId"),
        payer_name=name,
        payer_account=account,
        on_behalf_of=_name(node, f"Ultmt{payer}") or _name(node, "InitgPty"),
        reference=amounts.reference(node, "Refs/AcctSvcrRef"),
    )


def _coded(node: Element) -> Iterator[str]:
    """Every structured reference in the order of the file."""
    for block in walk(node, "RmtInf/Strd"):
        for child in block:
            for path in ("Ref", "Nb"):
                yield from (told.replace(" ", "") for told in texts(child, path))


def _message(node: Element) -> str:
    paths = ("RmtInf/Ustrd", "RmtInf/Strd/AddtlRmtInf", "AddtlTxInf")
    return " ".join(dict.fromkeys(told for path in paths for told in texts(node, path)))


def _payer(node: Element, amount_minor: int, facts: _Entry) -> tuple[str, str, str]:
    """(role, name, account) of the other end: Dbtr of money in, Cdtr of money out.

    Of a return the roles are those of the payment that came back, with most banks; the party with
    our own account is never the other end.
    """
    is_return = facts.is_return or one(node, "RtrInf") is not None
    roles = ("Dbtr", "Cdtr") if (amount_minor > 0) != is_return else ("Cdtr", "Dbtr")
    told = [(role, _name(node, role), _account(node, role)) for role in roles]
    others = [found for found in told if not _is_own(found[2], facts.account)]
    if len(others) == 2 and is_return:
        return next((found for found in others if found[1]), others[0])
    if others and (others[0] is told[0] or others[0][1] or others[0][2]):
        return others[0]
    return roles[0], "", ""


def _is_own(told: str, account: str) -> bool:
    return bool(told) and (told == account or is_same(told, iban=account))


def _name(node: Element, role: str) -> str:
    """The name as all the versions put it; some banks write it as the first line of an address."""
    party = f"RltdPties/{role}"
    paths = ("Nm", "Pty/Nm", "Agt/FinInstnId/Nm", "PstlAdr/AdrLine", "Pty/PstlAdr/AdrLine")
    return text(node, *(f"{party}/{path}" for path in paths))


def _account(node: Element, role: str) -> str:
    account = f"RltdPties/{role}Acct"
    paths = ("Id/IBAN", "Id/Othr/Id", "Id/BBAN", "Id/PrtryAcct/Id", "Prxy/Id")
    return compact(node, *(f"{account}/{path}" for path in paths))


def _whole(parts: list[Part], amount_minor: int) -> Part:
    """One part with all that several told. No reference of theirs stands for the whole of it."""
    words = [word for part in parts for word in (part.payer_name, part.message) if word]
    coded = [ref for part in parts for ref in (part.ocr, *part.references) if ref]

    def shared(field: str) -> str:
        told = {getattr(part, field) for part in parts}
        return str(told.pop()) if len(told) == 1 else ""

    return Part(
        amount_minor=amount_minor,
        references=tuple(dict.fromkeys(coded)),
        message=" ".join(dict.fromkeys(words)),
        end_to_end=shared("end_to_end"),
        payer_name=shared("payer_name"),
        payer_account=shared("payer_account"),
        on_behalf_of=shared("on_behalf_of"),
        reference=shared("reference"),
    )
