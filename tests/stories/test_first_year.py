"""The first year of a group that nobody here made up, through the pages of a site as installed.

An empty PostgreSQL database, `DEMO=False`, the server that `deploy/` ships, letters by SMTP. People
log in by the code in their letters and fill in the forms that the pages show. What no page does yet
is in `STILL_BY_SHELL`: each issue that gives it a page takes it off, and the test fails for a line
that nothing needs any more.

Migrating and collecting static files is installing, not living: it is not on the list. The year is
a day long here: what asks for the passing of days is told by the stories beside this one.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests import served
from tests.stories.first_year import founding, money, telling
from tests.stories.first_year.year import Year
from tests.visitor import Visitor

DATABASE = os.environ.get("DATABASE_URL", "")


@dataclass(frozen=True)
class Step:
    """Something that no page does yet."""

    what: str
    by: str
    why: str
    # Where a page for it is to be: as long as it is not there, the step stays.
    awaits: str = ""


STILL_BY_SHELL: tuple[Step, ...] = (
    Step(
        "the first administrator",
        by="manage.py createsuperuser",
        why="an empty site has no door for its first person",
        awaits="/start/",
    ),
    Step(
        "the group with its place, roles and books",
        by="manage.py open_group --iban …",
        why="no page founds a group, names who keeps what, or opens books at a bank account",
        awaits="/start/",
    ),
    Step(
        "the group's number and letter box",
        by="the admin: Organisation",
        why="no desk edits a group's own data, and the gate to raising asks for the number",
    ),
    Step(
        "more roles: who owns the project, who keeps the register",
        by="the admin: Role",
        why="no desk gives or ends a role, and open_group knows neither of these two",
    ),
    Step(
        "the project's budget",
        by="the admin: Need",
        why="the gate asks for it and says that the administrator enters it",
    ),
    Step(
        "the project's own words",
        by="the admin: Project",
        why="its owner can found it from the minutes, but not write its story",
    ),
    Step(
        "the books looked through",
        by="manage.py audit_book",
        why="the auditor's page shows registers and payouts, not that the books hold",
    ),
    Step(
        "the year's books to whoever does the accounts",
        by="manage.py export_book --format hledger",
        why="no desk hands out the books as a file, and the SIE they would ask for is not there",
    ),
)


CHAPTERS = (
    founding.found_the_group,
    founding.hold_a_first_evening,
    founding.ready_the_project,
    founding.open_the_offer,
    money.hold_a_fair,
    money.promise_on_the_phone,
    money.call_for_payment,
    money.take_the_money_in,
    money.keep_the_register,
    money.pay_back_early,
    money.share_a_surplus,
    telling.tell_everybody,
    telling.close_the_year,
)


@pytest.fixture(scope="module")
def year() -> Iterator[Year]:
    with (
        served.fresh_database(DATABASE) as database,
        served.post_office() as office,
        served.shipped(database, **office.settings()) as site,
    ):
        yield Year(site, office)


@pytest.mark.postgres
@pytest.mark.skipif(
    not DATABASE.startswith("postgres"),
    reason="LEFT OUT: the first year lives on PostgreSQL: python -m tests.postgres -- pytest …",
)
def test_a_group_lives_its_first_year(year):
    # Once the page is there, the year goes by it, and the step leaves the list.
    for awaited in filter(None, (step.awaits for step in STILL_BY_SHELL)):
        Visitor(year.site).open(awaited, expect=404)

    for chapter in CHAPTERS:
        chapter(year)

    assert year.site.errors() == []
    assert year.by_shell == [step.what for step in STILL_BY_SHELL]
