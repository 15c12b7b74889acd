"""Every row lock is taken inside a transaction, whoever calls.

PostgreSQL refuses `select_for_update` in autocommit and SQLite ignores it, so a lock that is taken
outside shows only where it hurts. Read from the source: a function that locks is a transaction
itself, or it is called from inside one, however far up.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOUSES = ("pools", "invest", "reports", "config")


@dataclass
class Code:
    """What the source says of locks, by the names of functions."""

    atomic: set[str] = field(default_factory=set)
    bare_locks: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    bare_callers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    called_inside: set[str] = field(default_factory=set)

    def unlocked(self) -> Iterator[str]:
        """Where a lock may be met outside a transaction, one line each."""
        for name, places in self.bare_locks.items():
            if path := self._way_in(name, (name,)):
                yield f"{', '.join(places)}: {' <- '.join(path)}"

    def _way_in(self, name: str, path: tuple[str, ...]) -> tuple[str, ...]:
        """How the function is reached without a transaction; empty where it is not."""
        callers = self.bare_callers.get(name, set())
        if name in self.atomic or (not callers and name in self.called_inside):
            return ()
        if not callers:
            return path
        ways = (self._way_in(caller, (*path, caller)) for caller in callers - set(path))
        return next(filter(None, ways), ())


class Reader(ast.NodeVisitor):
    """One module: its functions, what they lock, and whom they call outside a transaction."""

    def __init__(self, file: str, tree: ast.Module, code: Code) -> None:
        self.file, self.code, self.inside, self.name = file, code, False, ""
        self.module = Path(file).stem
        self.own = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        self.brought = dict(_brought(tree))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if self.name:  # A function inside a function runs where the outer one does.
            return self.generic_visit(node)
        self.name = f"{self.module}.{node.name}"
        self.inside = any("atomic" in ast.unparse(told) for told in node.decorator_list)
        if self.inside:
            self.code.atomic.add(self.name)
        self.generic_visit(node)
        self.name, self.inside = "", False
        return None

    def visit_With(self, node: ast.With) -> None:
        before = self.inside
        self.inside = before or any("atomic" in ast.unparse(i.context_expr) for i in node.items)
        self.generic_visit(node)
        self.inside = before

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if node.attr == "select_for_update" and not self.inside:
            self.code.bare_locks[self.name].append(f"{self.file}:{node.lineno}")
        if isinstance(node.value, ast.Name):
            module = self.brought.get(node.value.id, node.value.id).rpartition(".")[2]
            self._uses(f"{module}.{node.attr}")
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if node.id in self.own:
            self._uses(f"{self.module}.{node.id}")
        elif node.id in self.brought:
            self._uses(".".join(self.brought[node.id].split(".")[-2:]))

    def _uses(self, called: str) -> None:
        if self.inside:
            self.code.called_inside.add(called)
        elif called != self.name:
            self.code.bare_callers[called].add(self.name or f"{self.module} (a table)")


def _brought(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What each imported name stands for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for told in node.names:
                yield told.asname or told.name, f"{node.module}.{told.name}"


def read(sources: dict[str, str]) -> Code:
    """All that is said of locks in these files."""
    code = Code()
    for file, source in sources.items():
        tree = ast.parse(source)
        Reader(file, tree, code).visit(tree)
    return code


def ours() -> dict[str, str]:
    """Our own code, without what migrates."""
    files = (file for house in HOUSES for file in (ROOT / house).rglob("*.py"))
    return {
        str(file.relative_to(ROOT)): file.read_text("utf-8")
        for file in files
        if "migrations" not in file.parts
    }


def test_no_row_is_locked_outside_a_transaction():
    code = read(ours())

    assert len(code.atomic) > 50
    assert list(code.unlocked()) == []


BARE = "def claim(user):\n    Person.objects.select_for_update().first()\n"
CALLER = "from invest import people\n\ndef me(request):\n    people.claim(request.user)\n"


@pytest.mark.parametrize(
    ("people", "caller", "found"),
    [
        (BARE, CALLER, ["people.py:2: people.claim <- me.me"]),
        (BARE, "", ["people.py:2: people.claim"]),
        (BARE, CALLER.replace("def me", "@transaction.atomic\ndef me"), []),
        (f"@transaction.atomic\n{BARE}", CALLER, []),
        (BARE, f"{CALLER}\n@atomic\ndef also(user):\n    people.claim(user)\n",
         ["people.py:2: people.claim <- me.me"]),
        (BARE, "from invest.people import claim\n\nSTEPS = {'claim': claim}\n",
         ["people.py:2: people.claim <- me (a table)"]),
    ],
)  # fmt: skip
def test_a_planted_lock_outside_is_found(people, caller, found):
    assert list(read({"people.py": people, "me.py": caller}).unlocked()) == found
