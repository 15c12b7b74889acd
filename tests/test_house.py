"""The house stays one in which people find their way: no circle, nothing too long, no full room.

Read from the source itself, so that imports under TYPE_CHECKING and within functions count too.
"""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

HOME = Path(__file__).parents[1]
APPS = ("config", "pools", "invest", "reports")
MOST_LINES, MOST_LINES_OF_A_FUNCTION, MOST_FILES_OF_A_ROOM = 500, 70, 12
NO_ROOMS = {"migrations", "models"}


def _sources(app: str, home: Path = HOME) -> dict[str, tuple[Path, ast.Module]]:
    """Module → its file and tree, migrations left out."""
    found = {}
    for path in sorted((home / app).rglob("*.py")):
        parts = path.relative_to(home).with_suffix("").parts
        if "migrations" not in parts:
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = (path, ast.parse(path.read_text("utf-8")))
    return found


def _imported(tree: ast.Module, modules: set[str]) -> Iterator[str]:
    """Which of the modules a tree imports, wherever it does so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                part = f"{node.module}.{alias.name}"
                yield from {part, node.module} & modules if part not in modules else (part,)


def _circle(app: str, home: Path = HOME) -> list[str]:
    """Modules that import each other in a round; empty where there are none."""
    sources = _sources(app, home)
    graph = {name: set(_imported(tree, set(sources))) for name, (_path, tree) in sources.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        return list(found.args[1])
    return []


@pytest.mark.parametrize("app", APPS)
def test_no_module_imports_one_that_imports_it(app):
    assert len(_sources(app)) > 10
    assert _circle(app) == []
