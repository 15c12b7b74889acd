"""Builds camt files for tests: any version, statement or notification, batches, reversals."""

from dataclasses import dataclass, field
from xml.sax.saxutils import escape

IBAN = "SE0550000000000058398251"


@dataclass
class Row:
    """One payment, or (with `parts`) a batch of them: (amount, ocr) each."""

    amount: str
    ocr: str = ""
    reference: str = "R1"
    name: str = "Ada"
    message: str = ""
    direction: str = "CRDT"
    reversal: bool = False
    status: str = "BOOK"
    on: str = "2026-11-23"
    currency: str = "SEK"
    end_to_end: str = "E"
    parts: list[tuple[str, str]] = field(default_factory=list)


def camt(
    *rows: Row,
    kind: str = "054",
    version: str = "08",
    iban: str = IBAN,
    identification: str = "S1",
    opening: str = "",
    closing: str = "",
) -> bytes:
    """The file as bytes."""
    body, part = ("BkToCstmrStmt", "Stmt") if kind == "053" else ("BkToCstmrDbtCdtNtfctn", "Ntfctn")
    balances = "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="SEK">{amount.lstrip("-")}</Amt>'
        f"<CdtDbtInd>{'DBIT' if amount.startswith('-') else 'CRDT'}</CdtDbtInd>"
        f"<Dt><Dt>2026-11-23</Dt></Dt></Bal>"
        for code, amount in (("OPBD", opening), ("CLBD", closing))
        if amount
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}"><{body}>'
        f"<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-23T10:00:00</CreDtTm></GrpHdr>"
        f"<{part}><Id>{identification}</Id><CreDtTm>2026-11-23T10:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>SEK</Ccy></Acct>"
        f"{balances}{''.join(_entry(row, version) for row in rows)}</{part}></{body}></Document>"
    ).encode()


def _entry(row: Row, version: str) -> str:
    status = f"<Cd>{row.status}</Cd>" if int(version) > 2 else row.status
    reference = f"<AcctSvcrRef>{row.reference}</AcctSvcrRef>" if row.reference else ""
    reversal = "<RvslInd>true</RvslInd>" if row.reversal else ""
    details = [_details(row, amount, ocr, version) for amount, ocr in row.parts] or [
        _details(row, "", row.ocr, version)
    ]
    return (
        f'<Ntry><Amt Ccy="{row.currency}">{row.amount}</Amt><CdtDbtInd>{row.direction}</CdtDbtInd>'
        f"{reversal}<Sts>{status}</Sts><BookgDt><Dt>{row.on}</Dt></BookgDt>{reference}"
        f"<BkTxCd><Prtry><Cd>X</Cd></Prtry></BkTxCd>"
        f"<NtryDtls>{''.join(details)}</NtryDtls></Ntry>"
    )


def _details(row: Row, amount: str, ocr: str, version: str) -> str:
    tag = "Dbtr" if row.direction == "CRDT" else "Cdtr"
    name = f"<Nm>{escape(row.name)}</Nm>" if row.name else ""
    party = f"<{tag}>{name}</{tag}>" if int(version) < 8 else f"<{tag}><Pty>{name}</Pty></{tag}>"
    own = (
        f'<AmtDtls><TxAmt><Amt Ccy="{row.currency}">{amount}</Amt></TxAmt></AmtDtls>'
        if amount
        else ""
    )
    end = f"<EndToEndId>{row.end_to_end}</EndToEndId>" if row.end_to_end else ""
    told = f"<Ustrd>{escape(row.message)}</Ustrd>" if row.message else ""
    coded = f"<Strd><CdtrRefInf><Ref>{ocr}</Ref></CdtrRefInf></Strd>" if ocr else ""
    return (
        f"<TxDtls><Refs>{end}</Refs>{own}"
        f"<RltdPties>{party}</RltdPties><RmtInf>{told}{coded}</RmtInf></TxDtls>"
    )
