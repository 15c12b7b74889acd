"""Files in which an element is gone, doubled or altered: read right or refused, never guessed."""

import contextlib
from pathlib import Path
from xml.etree.ElementTree import Element, tostring

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from pools.bank import camt
from pools.errors import Refused
from tests.pools.camt_elements import balance, charge, detail, details, document, entry, statement

CASES = [path.read_text().strip() for path in (Path(__file__).parent / "bank_cases").glob("*.xml")]
ROUND = document(
    statement(
        balance("OPBD", "0.00"),
        balance("CLBD", "148.00"),
        entry(
            "100.00", inside=details(detail("130.00", sign="CRDT"), detail("30.00", sign="DBIT"))
        ),
        entry("50.00", "DBIT", inside="<RvslInd>true</RvslInd>"),
        entry("98.00", inside=details(detail("100.00", inside=charge("2.00")))),
    )
)
WORDS = ["", "CRDT", "DBIT", "BOOK", "PDNG", "0", "0.00", "-1", "1", "99.99", "x", "EUR", "OPBD"]
WORDS += ["2026-13-01", "2026-01-01", "ITBD", "true", "å", "1e9", "9" * 40]
SIGNS = {"CRDT": 1, "DBIT": -1}


def local(node: Element) -> str:
    return node.tag.rpartition("}")[2]


def own(node: Element, name: str) -> list[Element]:
    return [child for child in node if local(child) == name]


def entries(root: Element) -> list[Element]:
    """Every entry by its number."""
    bodies = [n for n in root.iter() if local(n) in {"BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn"}]
    parents = [n for body in bodies for n in body if local(n) in {"Stmt", "Ntfctn"}]
    return [node for parent in parents for node in own(parent, "Ntry")]


@st.composite
def changed(draw) -> Element:
    """A good file after a few random changes."""
    root = fromstring(draw(st.sampled_from([*CASES, ROUND, ROUND])).encode())
    for _change in range(draw(st.integers(1, 3))):
        parents = [node for node in root.iter() if len(node)]
        if not parents:
            return root
        parent = draw(st.sampled_from(parents))
        place = draw(st.integers(0, len(parent) - 1))
        other = draw(st.sampled_from(list(root.iter())))
        match draw(st.sampled_from(["gone", "doubled", "altered", "altered", "moved", "bare"])):
            case "gone":
                del parent[place]
            case "doubled":
                parent.insert(place, fromstring(tostring(parent[place])))
            case "altered":
                parent[place].text = draw(st.sampled_from(WORDS))
            case "moved":
                parent.insert(place, fromstring(tostring(other)))
            case "bare":
                parent[place].attrib.clear()
    return root


@settings(max_examples=400, deadline=None)
@given(changed())
def test_a_changed_file_is_read_by_what_it_says_or_refused(root):
    told = entries(root)

    with contextlib.suppress(Refused):
        found = camt.read(tostring(root, encoding="unicode").encode())
        taken = [line for s in found.statements for line in s.lines]
        for line in taken:
            node = told[line.position - 1]
            signs = {child.text for child in own(node, "CdtDbtInd") if child.text}
            assert {SIGNS[sign] for sign in signs} == {1 if line.amount_minor > 0 else -1}
            amounts = {child.text.strip() for child in own(node, "Amt")}
            assert {float(amount) * 100 for amount in amounts} == {abs(line.amount_minor)}
            assert sum(part.amount_minor for part in line.parts) == line.amount_minor
            assert all(part.amount_minor for part in line.parts)
        for s in found.statements:
            if None not in {s.opening_minor, s.closing_minor}:
                moved = sum(li.amount_minor for li in s.lines if li.currency == s.currency)
                assert s.opening_minor + moved == s.closing_minor


@settings(max_examples=200, deadline=None)
@given(changed())
def test_every_entry_of_a_changed_file_is_taken_told_or_not_yet_booked(root):
    states = {"PDNG", "INFO", "FUTR"}
    with contextlib.suppress(Refused):
        found = camt.read(tostring(root, encoding="unicode").encode())
        heard = {n.position for s in found.statements for n in (*s.lines, *s.notes)}
        for position, node in enumerate(entries(root), start=1):
            texts = {n.text for status in own(node, "Sts") for n in (status, *own(status, "Cd"))}
            assert position in heard or texts & states


@pytest.mark.parametrize("text", CASES, ids=range(len(CASES)))
def test_any_single_element_may_be_missing(text):
    for number in range(1, len(list(fromstring(text.encode()).iter()))):
        root = fromstring(text.encode())
        nodes = list(root.iter())
        parent = next(node for node in nodes if nodes[number] in list(node))
        parent.remove(nodes[number])
        with contextlib.suppress(Refused):
            found = camt.read(tostring(root))
            for line in (line for s in found.statements for line in s.lines):
                assert sum(part.amount_minor for part in line.parts) == line.amount_minor != 0
