"""An act has an address: no view looks in what was posted for what it is to do.

An address that only does something is `require_POST`, so that a page read by a link does nothing,
and what is pressed twice meets the same address twice.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READS = {"get", "getlist", "pop", "__getitem__"}


def is_posted(node: ast.AST) -> bool:
    """Whether it is a value out of what was posted: `….POST["x"]` or `….POST.get("x")`."""
    if isinstance(node, ast.Subscript):
        return _is_post(node.value)
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    return called and node.func.attr in READS and _is_post(node.func.value)  # type: ignore[attr-defined]


def _is_post(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "POST"


class Branches(ast.NodeVisitor):
    """Lines on which a function compares, tests or looks up a posted value: what it is to do."""

    def __init__(self) -> None:
        self.lines: set[int] = set()
        self.named: set[str] = set()

    def _posted(self, node: ast.AST | None) -> bool:
        """A posted value, a name that was given one, or `… or …` of such."""
        if isinstance(node, ast.Name):
            return node.id in self.named
        if isinstance(node, ast.BoolOp):
            return any(self._posted(value) for value in node.values)
        if isinstance(node, ast.NamedExpr):
            return self._posted(node.value)
        return node is not None and is_posted(node)

    def _blame(self, node: ast.AST, *asked: ast.AST | None) -> None:
        if any(self._posted(each) for each in asked):
            self.lines.add(node.lineno)  # type: ignore[attr-defined]
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Names are of one function."""
        outside, self.named = self.named, set(self.named)
        self.generic_visit(node)
        self.named = outside

    def visit_Assign(self, node: ast.Assign) -> None:
        """`step = request.POST.get("step")`, also of several at once."""
        for target in node.targets:
            self._remember(target, node.value)
        self.generic_visit(node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        """`(step := request.POST["step"])`."""
        self._remember(node.target, node.value)
        self.generic_visit(node)

    def _remember(self, target: ast.AST, value: ast.AST) -> None:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for name, each in zip(target.elts, value.elts, strict=False):
                self._remember(name, each)
        elif isinstance(target, ast.Name) and self._posted(value):
            self.named.add(target.id)

    def visit_Compare(self, node: ast.Compare) -> None:
        """`step == "cancel"`, `step in FORMS`."""
        self._blame(node, node.left, *node.comparators)

    def visit_If(self, node: ast.If) -> None:
        """`if request.POST.get("follow_up")`; a name alone may be typed data."""
        self._blame(node, *_bare(node.test))

    def visit_IfExp(self, node: ast.IfExp) -> None:
        """The same on one line."""
        self._blame(node, *_bare(node.test))

    def visit_Match(self, node: ast.Match) -> None:
        """`match step:`."""
        self._blame(node, node.subject)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """`STEPS[step]`."""
        self._blame(node, node.slice)

    def visit_Call(self, node: ast.Call) -> None:
        """`STEPS.get(step)`, `getattr(desk, step)`."""
        of = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        of = node.func.id if isinstance(node.func, ast.Name) else of
        self._blame(node, *(node.args if of in {"get", "getattr"} else ()))


def _bare(test: ast.expr) -> Iterator[ast.expr]:
    """What a condition asks without comparing: itself, its `not`, its `and` and `or`."""
    if isinstance(test, ast.BoolOp):
        for value in test.values:
            yield from _bare(value)
    elif isinstance(test, ast.UnaryOp):
        yield from _bare(test.operand)
    elif is_posted(test):
        yield test


def branches(source: str) -> set[int]:
    """The lines on which a posted value decides."""
    found = Branches()
    found.visit(ast.parse(source))
    return found.lines


def test_no_view_branches_on_a_posted_act():
    sources = [*ROOT.glob("invest/**/*.py"), *ROOT.glob("reports/**/*.py")]
    found = {
        str(path.relative_to(ROOT)): lines
        for path in sources
        if (lines := branches(path.read_text("utf-8")))
    }

    assert any("POST" in path.read_text("utf-8") for path in sources)
    assert found == {}


@pytest.mark.parametrize(
    "asked",
    [
        'step = request.POST.get("step")\nif step == "cancel": pass',
        'status, step = 200, request.POST.get("step", "")\nif step not in FORMS: pass',
        'does = STEPS.get(request.POST["step"])',
        'step = request.POST.get("step")\nSTEPS[step]()',
        'if request.POST.get("answer") == "yes": pass',
        'if request.method == "POST" and request.POST.get("follow_up"): pass',
        'form = F(request.POST if request.POST.get("step") == "say" else None)',
        'if (step := request.POST["step"]) == "x": pass',
        'match request.POST.get("step"):\n    case "x": pass',
        'getattr(desk, request.POST["act"])()',
        'row = next(row for row in rows if row.code == request.POST.get("promise"))',
    ],
)
def test_a_branch_is_found(asked):
    body = "\n".join(f"    {line}" for line in asked.splitlines())

    assert branches(f"def view(request):\n{body}\n")


@pytest.mark.parametrize(
    "typed",
    [
        'form = F(request.POST or None)\nif request.method == "POST": pass',
        'rows = read(place, request.POST.get("text", ""))',
        'code = request.POST.get("code") or request.GET.get("code", "")\nif code: pass',
        'step = request.GET.get("step")\nif step == "x": pass',
    ],
)
def test_what_is_only_typed_is_no_branch(typed):
    body = "\n".join(f"    {line}" for line in typed.splitlines())

    assert not branches(f"def view(request):\n{body}\n")


def test_no_template_posts_a_step():
    templates = [
        path
        for app in ("config", "invest", "reports")
        for path in (ROOT / app / "templates").glob("**/*.html")
    ]

    assert any('method="post"' in path.read_text("utf-8") for path in templates)
    assert not [path.name for path in templates if 'name="step"' in path.read_text("utf-8")]
