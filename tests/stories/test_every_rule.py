"""Every number in docs/rules.md stands in a test's name, and every such name's number there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NUMBER = r"(s\d+(?:_\d+)?[a-z]?|12b_\d+)"


def test_rules_and_tests_name_each_other():
    page = (ROOT / "docs/rules.md").read_text("utf-8")
    told = re.findall(rf"^\| {NUMBER} \|", page, re.MULTILINE)
    named = {
        number
        for path in (ROOT / "tests").rglob("test_*.py")
        for number in re.findall(rf"^def test_{NUMBER}_", path.read_text("utf-8"), re.MULTILINE)
    }

    assert len(told) > 80
    assert len(told) == len(set(told))
    assert set(told) == named
