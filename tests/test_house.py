"""The house stays one in which people find their way: no circle, nothing too long, no full room.

Read from the source itself, so that imports under TYPE_CHECKING and within functions count too.
"""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

HOME = Path(__file__).parents[1]
APPS = ("config", "pools", "invest", "reports")
MOST_LINES, MOST_LINES_OF_A_FUNCTION, MOST_FILES_OF_A_ROOM = 500, 70, 12
NO_ROOMS = {"migrations", "models"}
Sources = dict[str, tuple[str, ast.Module]]


@cache
def _sources(app: str) -> Sources:
    """Module → its text and tree, migrations left out."""
    found = {}
    for path in sorted((HOME / app).rglob("*.py")):
        parts = path.relative_to(HOME).with_suffix("").parts
        if "migrations" not in parts:
            text = path.read_text("utf-8")
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = (text, ast.parse(text))
    return found


def _imported(tree: ast.Module, modules: set[str]) -> Iterator[str]:
    """Which of the modules a tree imports, wherever it does so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                part = f"{node.module}.{alias.name}"
                yield from {part if part in modules else node.module} & modules


def _circle(sources: Sources) -> list[str]:
    """Modules that import each other in a round; empty where there are none."""
    graph = {name: set(_imported(tree, set(sources))) for name, (_text, tree) in sources.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        return list(found.args[1])
    return []


def _too_long(sources: Sources) -> list[str]:
    """Modules and functions over the limit, with their length in lines."""
    found = []
    for name, (text, tree) in sources.items():
        found += [f"{name}: {n}" for n in [len(text.splitlines())] if n > MOST_LINES]
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > MOST_LINES_OF_A_FUNCTION:
                    found.append(f"{name}.{node.name}: {lines}")
    return found


def _rooms() -> dict[str, int]:
    """Folder of `invest` → how many Python files lie at its top."""
    folders = (path for path in (HOME / "invest").iterdir() if path.name not in NO_ROOMS)
    files = {path.name: len(list(path.glob("*.py"))) for path in folders if path.is_dir()}
    return {name: number for name, number in files.items() if number}


@pytest.mark.parametrize("app", APPS)
def test_no_module_imports_one_that_imports_it(app):
    assert _circle(_sources(app)) == []


@pytest.mark.parametrize(
    "planted",
    [
        "from invest.kinds.microfund.terms import Microfund",
        "if TYPE_CHECKING:\n    from invest.kinds.microfund import terms",
        "def late():\n    import invest.kinds.microfund.terms",
    ],
)
def test_a_planted_circle_is_found(planted):
    rules = "invest.kinds.microfund.rules"
    text, tree = _sources("invest")[rules]
    grown = ast.Module([*tree.body, *ast.parse(planted).body], [])

    circle = _circle({**_sources("invest"), rules: (text, grown)})

    assert set(circle) == {rules, "invest.kinds.microfund.terms"}


@pytest.mark.parametrize("app", APPS)
def test_no_module_and_no_function_is_too_long(app):
    assert _too_long(_sources(app)) == []


def test_a_planted_long_function_is_found():
    text = "def long():\n" + "    pass\n" * MOST_LINES

    found = _too_long({"planted": (text, ast.parse(text))})

    assert found == [f"planted: {MOST_LINES + 1}", f"planted.long: {MOST_LINES + 1}"]


def test_no_room_is_full():
    rooms = _rooms()

    assert {"kinds", "pledges", "treasury"} <= set(rooms)
    assert {name: n for name, n in rooms.items() if n > MOST_FILES_OF_A_ROOM} == {}


def other_names(source: str) -> list[str]:
    """Names given to gettext that the gatherer of sentences does not know: they are lost."""
    return [
        name.asname
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if "gettext" in name.name and name.asname not in {None, "_"}
    ]


def test_every_sentence_is_gathered():
    planted = "from django.utils.translation import gettext_lazy as _lazy"
    files = [p for app in APPS for p in Path(app).rglob("*.py")]

    assert other_names(planted) == ["_lazy"]
    assert files
    assert {str(p): n for p in files if (n := other_names(p.read_text("utf-8")))} == {}
