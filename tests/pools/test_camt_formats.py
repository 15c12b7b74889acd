"""What is no camt.053 or camt.054 is named, with what to fetch instead; how XML may be wrapped."""

import io
import json
import zipfile

import pytest
import xlsxwriter
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from pools import errors
from pools.bank import camt
from pools.bank.formats import describe
from tests.pools.camt_elements import balance, document, entry, file, statement

DECLARED = '<?xml version="1.0" encoding="{}"?>'
NAMED = document(statement(entry(inside="<AddtlNtryInf>Åsa Öberg</AddtlNtryInf>")))


def packed(name: str, data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(name, data)
    return held.getvalue()


def sheet() -> bytes:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held)
    book.add_worksheet().write(0, 0, "Belopp")
    book.close()
    return held.getvalue()


def message(name: str, element: str) -> bytes:
    space = f"urn:iso:std:iso:20022:tech:xsd:{name}.001.03"
    return f'<?xml version="1.0"?><Document xmlns="{space}"><{element}/></Document>'.encode()


MT940 = b":20:STARTUMS\r\n:25:SEBXXX/58398251\r\n:28C:1/1\r\n:60F:C261123SEK0,00\r\n"
OTHERS = {
    "zip": (packed("camt053.xml", file(entry())), errors.PackedFile),
    "gzip": (b"\x1f\x8b\x08\x00rest", errors.PackedFile),
    "xlsx": (sheet(), errors.SheetFile),
    "ods": (
        packed("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        errors.SheetFile,
    ),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", errors.SheetFile),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", errors.PaperFile),
    "bgmax": (b"01BGMAX               0120261123173035010331P".ljust(80), errors.BgMaxFile),
    "camt.052": (message("camt.052", "BkToCstmrAcctRpt"), errors.InterimReport),
    "camt.052 bare": (b"<Document><BkToCstmrAcctRpt/></Document>", errors.InterimReport),
    "pain.001": (message("pain.001", "CstmrCdtTrfInitn"), errors.PaymentFile),
    "pain.002": (message("pain.002", "CstmrPmtStsRpt"), errors.PaymentFile),
    "pain.008 bare": (b"<Document><CstmrDrctDbtInitn/></Document>", errors.PaymentFile),
    "pain.009": (message("pain.009", "MndtInitnReq"), errors.PaymentFile),
    "camt.029": (message("camt.029", "RsltnOfInvstgtn"), errors.OtherMessage),
    "other XML": (b"<Faktura><Belopp>1</Belopp></Faktura>", errors.OtherMessage),
    "SEB": (
        b"Bokf\xf6ringsdatum;Valutadatum;Text;Belopp;Saldo\r\n2026-11-23;;X;1,00;1,00",
        errors.TableFile,
    ),
    "Swedbank": (
        "* Transaktioner Period 2026-01-01 – 2026\nRadnummer,Konto,Belopp\n1,2,3.00\n".encode(),
        errors.TableFile,
    ),
    "tabs": ("Datum\tText\tBelopp\n2026-11-23\tÅsa\t1,00\n".encode("utf-16"), errors.TableFile),
    "login page": (b"\r\n<!DOCTYPE html><html><body>Logga in", errors.WebPage),
    "page": (b"<html lang='sv'><head><title>Logga in</title>", errors.WebPage),
    "xhtml": (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html>', errors.WebPage),
    "page after its headers": (b"HTTP/1.1 200 OK\r\n\r\n<html >", errors.WebPage),
    "empty": (b"", errors.EmptyFile),
    "spaces": (b"\xef\xbb\xbf \r\n\t\x00", errors.EmptyFile),
    "json": (json.dumps({"konto": [1]}).encode(), errors.JsonFile),
    "json list": (b' [{"a": 1}]', errors.JsonFile),
    "mt940": (MT940, errors.SwiftFile),
    "mt940 in its envelope": (b"{1:F01SEBXSESSAXXX}{4:\r\n" + MT940, errors.SwiftFile),
    "sie": (b"#FLAGGA 0\n#FORMAT PC8\n", errors.BookkeepingFile),
}


@pytest.mark.parametrize("name", OTHERS)
def test_another_kind_of_file_is_named_and_what_to_fetch_instead(name):
    data, kind = OTHERS[name]

    with pytest.raises(errors.NotFile) as refusal:
        camt.read(data)

    assert type(refusal.value) is kind
    sentences = {}
    for language in ("sv", "en"):
        with override(language):
            sentences[language] = str(refusal.value)
    assert sentences["sv"] != sentences["en"]
    assert all("camt.054" in told or "camt.053" in told for told in sentences.values())


def test_bgmax_is_told_that_it_ended():
    with override("sv"):
        told = str(describe(OTHERS["bgmax"][0]))

    assert "27 november 2026" in told
    assert "camt.054" in told


@pytest.mark.parametrize(
    "data",
    [b"Hej!", b"\x00\x01\x02", b"<Document/>", b"<", b"<?xml?>", b"<!DOCTYPE d><d/>", file()],
)
def test_nothing_is_said_of_what_is_ours_or_unknown(data):
    assert describe(data) is None


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_described_or_not(data):
    assert describe(data) is None or "camt" in str(describe(data))


# --- How a camt file may come -------------------------------------------------------------------


def text_of(data: bytes) -> str:
    return camt.read(data).statements[0].lines[0].message


@pytest.mark.parametrize(
    "before", ["", "\n", "\r\n\r\n", " \t", "\ufeff", "\ufeff\n", "\n\ufeff", "\n\ufeff\n "]
)
def test_what_stands_before_the_declaration_is_let_through(before):
    assert text_of((before + DECLARED.format("UTF-8") + NAMED).encode()) == "Åsa Öberg"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("UTF-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("UTF-16", "utf-16-le"),
        ("UTF-16", "utf-16-be"),
        ("ISO-8859-1", "latin-1"),
        ("iso-8859-15", "iso-8859-15"),
        ("windows-1252", "cp1252"),
    ],
)
def test_letters_are_read_as_declared(declared, encoding):
    assert text_of((DECLARED.format(declared) + NAMED).encode(encoding)) == "Åsa Öberg"


def test_utf_16_after_a_line_break_is_read():
    assert text_of(("\n\n" + DECLARED.format("UTF-16") + NAMED).encode("utf-16")) == "Åsa Öberg"


@pytest.mark.fault("F48")
@pytest.mark.parametrize(
    ("declaration", "encoding"),
    [
        ("", "latin-1"),
        (DECLARED.format("UTF-8"), "latin-1"),
        (DECLARED.format("UTF-8"), "utf-16"),
        (DECLARED.format("UTF-16"), "utf-8"),
        (DECLARED.format("ISO-8859-1"), "utf-8"),
        (DECLARED.format("windows-1252"), "utf-8"),
        (DECLARED.format("no-such"), "utf-8"),
        (DECLARED.format("ISO-8859-1"), "utf-16"),
    ],
)
def test_letters_in_another_encoding_than_declared_are_refused(declaration, encoding):
    with pytest.raises(errors.WrongEncoding):
        camt.read((declaration + NAMED).encode(encoding))


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6, 0.9, 0.999])
def test_a_file_cut_off_says_so(share):
    data = (DECLARED.format("UTF-8") + document(statement(*[entry()] * 9))).encode()

    with pytest.raises(errors.NotFile) as refusal:
        camt.read(data[: int(len(data) * share)])

    assert type(refusal.value) is errors.CutFile


@pytest.mark.parametrize(
    "wrapping",
    [
        "<BizMsgEnvlp><AppHdr><BizMsgIdr>1</BizMsgIdr></AppHdr>{}</BizMsgEnvlp>",
        '<x:Message xmlns:x="urn:x"><x:Header/><x:Body>{}</x:Body></x:Message>',
        '<Rq><h:AppHdr xmlns:h="urn:iso:std:iso:20022:tech:xsd:head.001.001.01"/>{}</Rq>',
    ],
)
def test_a_header_around_the_document_is_let_through(wrapping):
    assert text_of(wrapping.format(NAMED).encode()) == "Åsa Öberg"


def test_several_documents_in_one_envelope_are_all_read():
    found = camt.read(f"<Files>{NAMED}{NAMED}</Files>".encode())

    assert [line.position for s in found.statements for line in s.lines] == [1, 2]


def test_prefixes_and_comments_change_nothing():
    data = file(entry("1<!-- x -->00"), balance("CLBD", "1.00")).decode()
    prefixed = data.replace("<", "<n:").replace("<n:/", "</n:").replace("xmlns=", "xmlns:n=")

    found = camt.read(prefixed.replace("<n:!", "<!").encode()).statements[0]

    assert [line.amount_minor for line in found.lines] == [10_000]
