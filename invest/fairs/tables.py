"""The lists of a fair's desk: the programme, the checklist, paper cards, and what comes after."""

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from invest.fairs.queries.paper_pledges import Batch, Card
from invest.web.tables import (
    DayColumn,
    DeskTable,
    KronorColumn,
    NumberColumn,
    WordColumn,
    WordTemplateColumn,
    badge,
)


class SlotTable(DeskTable):
    """The programme, in its own order: rows of `queries.desk.desk_page`."""

    caption = _("Programme")
    rows_a_page = 200  # Each is moved past the next: they stand together.

    project = WordColumn(accessor="pitch__project__name", verbose_name=_("Project"))
    organisation = WordColumn(
        accessor="pitch__project__organisation__name", verbose_name=_("Organisation")
    )
    state = tables.Column(accessor="label", verbose_name=_("State"))
    since = DayColumn(verbose_name=_("Since"))
    answers_at = tables.Column(accessor="link", verbose_name=_("They answer here"))


class TaskTable(DeskTable):
    """The checklist."""

    caption = _("Checklist")
    searched = ("task__text",)
    rows_a_page = 60

    text = WordColumn(accessor="task__text", verbose_name=_("Task"))
    due_on = DayColumn(accessor="task__due_on", verbose_name=_("Last day"))
    done_on = DayColumn(accessor="task__done_on", verbose_name=_("Done"))


class PromiseTable(DeskTable):
    """Promises one by one: `queries.after.Row`."""

    searched = ("person__name", "person__phone", "person__email", "project__name", "text", "what")

    name = WordColumn(accessor="person__name", verbose_name=_("Name"), default="–", most=80)
    text = WordColumn(verbose_name=_("Promises"), orderable=False)
    amount = KronorColumn(accessor="amount_minor", verbose_name=_("Amount"))
    project = WordColumn(accessor="project__name", verbose_name=_("Project"))


class PhoneTable(PromiseTable):
    """Promises that wait for a yes, and how to reach who gave them."""

    caption = _("Promises that wait for a yes")
    rows_a_page = 25

    what = WordColumn(verbose_name=_("What it is"), orderable=False)
    phone = tables.Column(accessor="person__phone", verbose_name=_("Phone"), orderable=False)
    email = WordColumn(accessor="person__email", verbose_name=_("E-mail"), orderable=False)
    asked_at = DayColumn(verbose_name=_("Asked by mail"))


class ConfirmedTable(PromiseTable):
    """Promises of money to hand over to the books."""

    caption = _("Promises of money that are confirmed and not yet called")
    shows_caption = True
    row_head = "name"

    register = WordTemplateColumn(
        template_name="invest/fairs/_register_cell.html",
        accessor="promise__offering__vehicle__name",
        verbose_name=_("Register"),
    )

    class Meta:
        exclude = ("text",)
        sequence = ("name", "project", "amount", "register")

    def value_register(self, value: str) -> str:
        """Its name."""
        return str(value)


class FollowUpTable(DeskTable):
    """What is due to be asked, or was answered: a follow-up and its `queries.after.Row`."""

    caption = _("Due now")
    searched = ("1__person__name", "1__person__phone", "1__project__name", "1__text", "0__comment")
    rows_a_page = 25

    name = WordColumn(accessor="1__person__name", verbose_name=_("Name"), default="–")
    text = WordColumn(accessor="1__text", verbose_name=_("Promises"), orderable=False)
    amount = KronorColumn(accessor="1__amount_minor", verbose_name=_("Amount"), orderable=False)
    project = WordColumn(accessor="1__project__name", verbose_name=_("Project"))
    phone = tables.Column(accessor="1__person__phone", verbose_name=_("Phone"), orderable=False)
    days = NumberColumn(accessor="0__days", verbose_name=_("Days after"))
    due_on = DayColumn(accessor="0__due_on", verbose_name=_("Asked from"))


class AnswerTable(FollowUpTable):
    """What was found so far."""

    caption = _("Answers so far")

    found = WordColumn(accessor="0__get_found_display", verbose_name=_("What became of it"))
    done_on = DayColumn(accessor="0__done_on", verbose_name=_("Answered"))
    value = KronorColumn(accessor="0__value_minor", verbose_name=_("Worth"))
    comment = WordColumn(accessor="0__comment", verbose_name=_("Comment"), orderable=False)

    class Meta:
        exclude = ("phone", "due_on")


class BatchTable(DeskTable):
    """Piles of paper cards."""

    caption = _("Withdrawn cards are not counted")
    shows_caption = True
    row_head = "batch"

    batch = tables.TemplateColumn(
        template_name="invest/fairs/_batch.html",
        accessor="batch__number",
        verbose_name=_("Batch"),
    )
    opened = DayColumn(accessor="batch__opened_at", verbose_name=_("Opened"))
    number = NumberColumn(verbose_name=_("Cards"))
    kronor = KronorColumn(accessor="amount_minor", verbose_name=_("Kronor"))
    state = tables.Column(accessor="batch__closed_at", verbose_name=_("State"), empty_values=())

    nothing = _("No card has been entered yet.")

    def value_batch(self, value: int) -> int:
        """Its number."""
        return value

    def render_state(self, record: Batch) -> str:
        """In words, with a colour beside them."""
        return badge(self.value_state(record), "" if record.batch.closed_at else "is-warm")

    def value_state(self, record: Batch) -> str:
        """The words alone."""
        return str(_("Closed") if record.batch.closed_at else _("Being entered"))


class CardTable(DeskTable):
    """The cards of a pile; while it is open each can be put right."""

    caption = _("Entered so far")
    row_head = "serial"
    searched = ("card__serial", "row__person__name", "row__project__name")

    serial = NumberColumn(accessor="card__serial", verbose_name=_("Card"))
    name = WordColumn(accessor="row__person__name", verbose_name=_("Name"), default="–", most=40)
    project = WordColumn(accessor="row__project__name", verbose_name=_("Project"))
    promises = tables.Column(
        accessor="row__text",
        verbose_name=_("Promises"),
        order_by=("row__amount_minor", "row__quantity"),
        attrs={"td": {"class": "number"}, "th": {"class": "number"}},
    )
    amount = KronorColumn(accessor="row__amount_minor", verbose_name=_("Amount"), visible=False)
    state = tables.Column(accessor="row__label", verbose_name=_("State"))
    wrong = tables.TemplateColumn(
        template_name="invest/fairs/_put_right.html",
        verbose_name=_("Wrong?"),
        orderable=False,
        exclude_from_export=True,
    )

    nothing = _("No card has been entered yet.")

    def render_serial(self, value: int) -> int:
        """As it is printed: its thousands are not parted."""
        return value

    def render_state(self, record: Card, value: str) -> str:
        """With a colour."""
        return badge(value, "" if record.stands else "is-quiet")

    def value_state(self, value: Any) -> str:
        """The words alone."""
        return str(value)


class BoardTable(DeskTable):
    """Names on the board, newest first: `queries.board.ToModerate`."""

    caption = _("Names on the board")
    searched = ("newest__who", "newest__project")
    has_files = False  # Who lets a name be shown for an evening has not said so of a list.

    who = WordColumn(accessor="newest__who", verbose_name=_("Name"))
    project = WordColumn(accessor="newest__project", verbose_name=_("Project"))
