"""One page of permission: no role opens anything elsewhere, and every desk named is on the page."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser

from invest import access
from invest.models import Organisation, Role
from invest.web import desk as doors

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for app in ("invest", "reports", "config", "pools")
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts and path != ROOT / "invest/access.py"
]
ROLES = {*Role.Kind.names, "OWNER", "KEEPER"}
ASKING = {"desk", "fair_desk", "project_desk", "pitch_desk", "may", "organisations_for", "is_kept"}
# They say what a role is, and give roles to people; nothing opens there.
SPELL_ROLES = {"invest/models/organisations.py", "invest/models/people.py"}
SPELL_ROLES |= {"invest/management/commands/open_group.py"}


def roles_in(tree: ast.AST) -> Iterator[int]:
    """Lines with a role by name, or by its word in a collection or asked for as a kind."""
    for node in ast.walk(tree):
        named = getattr(node, "attr", getattr(node, "id", None)) in ROLES
        words: list[ast.expr] = []
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            words = node.elts
        elif isinstance(node, ast.keyword) and node.arg in {"kind", "kind__in"}:
            words = [node.value]
        told = any(isinstance(w, ast.Constant) and w.value in Role.Kind.values for w in words)
        if named or told:
            yield node.lineno


def desks_in(tree: ast.AST) -> Iterator[str]:
    """Every desk that a door or a question names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called in ASKING:
                yield from (
                    each.value
                    for each in node.args
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                )


def test_roles_open_desks_on_one_page_only():
    found = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        if any(roles_in(ast.parse(path.read_text())))
    }

    assert found == SPELL_ROLES


@pytest.mark.parametrize(
    "planted",
    [
        "@desk(Role.Kind.TREASURER)\ndef bank(): ...",
        "from invest import access\naccess.may(user, owner, access.KEEPER)",
        "BANK = ('treasurer', 'approver')",
        "Role.objects.filter(kind='organiser')",
        "if role.kind in {'auditor'}: ...",
    ],
)
def test_a_role_elsewhere_is_found(planted):
    assert list(roles_in(ast.parse(planted)))


def test_every_desk_asked_for_is_on_the_page():
    asked = {name for path in SOURCES for name in desks_in(ast.parse(path.read_text()))}
    for path in ROOT.glob("*/templates/**/*.html"):
        asked |= set(re.findall(r'"([\w.]+)" in desk\.opened', path.read_text()))

    assert asked <= set(access.DESKS)
    assert {"bank", "projects", "actions.do", "gatherings"} <= asked


def test_no_desk_is_on_the_page_for_nothing():
    said = {
        node.value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
    }

    assert set(access.DESKS) - said == set()


def test_a_desk_that_is_not_there_is_an_error_at_once():
    for door in (doors.desk, doors.fair_desk, doors.project_desk, doors.pitch_desk):
        with pytest.raises(KeyError, match="bnak"):
            door("bnak")(lambda request, found: None)
    with pytest.raises(KeyError, match="bnak"):
        access.organisations_for(AnonymousUser(), "bnak")
    with pytest.raises(KeyError, match="bnak"):
        access.may(AnonymousUser(), Organisation(), "bnak")


def test_no_page_names_a_role():
    roles = "|".join(map(re.escape, Role.Kind.values))
    asks = re.compile(rf"{{% (?:el)?if [^%]*[\"'](?:{roles})[\"']")

    assert asks.search('{% if role.kind == "treasurer" %}')
    pages = [path for path in ROOT.glob("*/templates/**/*.html") if asks.search(path.read_text())]
    assert pages == []
