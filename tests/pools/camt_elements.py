"""Small camt files written out, for tests of what one odd element does."""

IBAN = "SE0550000000000058398251"


def entry(
    amount: str = "100.00",
    sign: str = "CRDT",
    *,
    inside: str = "",
    day: str = "<BookgDt><Dt>2026-11-23</Dt></BookgDt>",
    status: str = "<Sts><Cd>BOOK</Cd></Sts>",
    currency: str = "SEK",
) -> str:
    """One Ntry; `inside` stands last in it."""
    direction = f"<CdtDbtInd>{sign}</CdtDbtInd>" if sign else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt>{direction}{status}{day}'
        f"<AcctSvcrRef>R</AcctSvcrRef>{inside}</Ntry>"
    )


def detail(amount: str = "", *, inside: str = "", sign: str = "", currency: str = "SEK") -> str:
    """One TxDtls."""
    own = f'<Amt Ccy="{currency}">{amount}</Amt>' if amount else ""
    direction = f"<CdtDbtInd>{sign}</CdtDbtInd>" if sign else ""
    return f"<TxDtls><Refs/>{own}{direction}{inside}</TxDtls>"


def details(*parts: str) -> str:
    """One NtryDtls."""
    return f"<NtryDtls>{''.join(parts)}</NtryDtls>"


def amount_details(path: str, amount: str, currency: str = "SEK") -> str:
    """An amount below AmtDtls, such as TxAmt or InstdAmt."""
    return f'<AmtDtls><{path}><Amt Ccy="{currency}">{amount}</Amt></{path}></AmtDtls>'


def charge(amount: str, inside: str = "") -> str:
    """One record of a charge."""
    return f'<Chrgs><Rcrd><Amt Ccy="SEK">{amount}</Amt>{inside}</Rcrd></Chrgs>'


def balance(
    code: str, amount: str, *, day: str = "2026-11-23", currency: str = "SEK", inside: str = ""
) -> str:
    """One Bal; an amount below zero is a debit."""
    sign = "DBIT" if amount.startswith("-") else "CRDT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{inside}"
        f'<Amt Ccy="{currency}">{amount.lstrip("-")}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def statement(*inside: str, account: str = f"<IBAN>{IBAN}</IBAN>", currency: str = "SEK") -> str:
    """One Stmt."""
    unit = f"<Ccy>{currency}</Ccy>" if currency else ""
    return f"<Stmt><Id>S</Id><Acct><Id>{account}</Id>{unit}</Acct>{''.join(inside)}</Stmt>"


def document(*statements: str) -> str:
    """The Document without a declaration."""
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>M</MsgId></GrpHdr>{''.join(statements)}</BkToCstmrStmt></Document>"
    )


def file(*inside: str, **about: str) -> bytes:
    """A whole file of one statement."""
    return document(statement(*inside, **about)).encode()
