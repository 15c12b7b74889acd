"""Every fault in docs/faults.md has a test, and every test's mark stands there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_faults_and_tests_name_each_other():
    told = re.findall(r"^\| (F\d\d) \|", (ROOT / "docs/faults.md").read_text("utf-8"), re.MULTILINE)
    marked = {
        number
        for path in (ROOT / "tests").rglob("test_*.py")
        for number in re.findall(r"@pytest\.mark\.fault\(\"(F\d\d)\"\)", path.read_text("utf-8"))
    }

    assert len(told) > 30
    assert told == sorted(marked)
