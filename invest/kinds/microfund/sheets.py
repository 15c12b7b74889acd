"""What can be read off a microfund: contributions, loans, guarantees, capacity, default rate."""

from django.utils.translation import gettext_lazy as _

from invest.kinds.actions import Column, Row, Shape, Sheet, Snapshot, Text
from invest.kinds.microfund.capacity import average_default_rate, revolving_factor
from invest.kinds.microfund.fund import (
    RANKS,
    FundTerms,
    balance_of,
    bound,
    claim_left,
    contributions,
    default_windows,
    exposures,
    fund_state,
    loss_rate,
    material_minor,
    placed_from,
    placed_minor,
)
from invest.kinds.microfund.lending import LoanStory, stories
from invest.kinds.microfund.quotes import quote
from invest.kinds.sheets import Registered


def loan_state(now: Snapshot, story: LoanStory) -> Text:
    """In the words of the field; more than 90 days late is a default."""
    late = story.days_late(now.as_of, material_minor(now, now.as_of))
    if not story.left_minor:
        return _("written off") if story.written_off_on else _("repaid")
    for most, label in ((0, None), (30, _("1–30 days late")), (60, _("31–60 days late")),
                        (90, _("61–90 days late"))):  # fmt: skip
        if late <= most:
            return label or (_("restructured") if story.restructured_on else _("as planned"))
    return _("default: more than 90 days late")


def _loans(kind: FundTerms, now: Snapshot) -> list[Row]:
    return [
        (
            story.action.facts["borrower"],
            number,
            story.action.on,
            story.action.facts["principal"],
            story.left_minor,
            story.owed(now.as_of).total_minor if story.left_minor else 0,
            story.days_late(now.as_of, material_minor(now, now.as_of)),
            loan_state(now, story),
        )
        for number, story in stories(now).items()
    ]


def _payoff(kind: FundTerms, now: Snapshot) -> list[Row]:
    rows: list[Row] = []
    for number, story in stories(now).items():
        told = quote(now, story)
        if story.left_minor:
            rows.append(
                (
                    story.action.facts["borrower"],
                    number,
                    told.principal_minor,
                    told.due_minor,
                    told.accrued_minor,
                    -told.ahead_minor,
                    told.total_minor,
                    told.late_minor,
                )
            )
    return rows


def _guarantees(kind: FundTerms, now: Snapshot) -> list[Row]:
    live = exposures(now)
    rows = []
    for action in now.of("guarantee"):
        called = any(d.facts["guarantee"] == action.number for d in now.of("call"))
        released = any(d.facts["guarantee"] == action.number for d in now.of("release"))
        state = _("called") if called else _("released") if released else _("has run out")
        rows.append(
            (
                action.facts["debtor"],
                action.number,
                action.facts["lender"],
                action.facts["bank_loan"],
                action.facts["cover_pct"],
                balance_of(now, action),
                live[action.number].amount_minor if action.number in live else 0,
                action.facts["until"],
                _("in force") if action.number in live else state,
                claim_left(now, action.number),
            )
        )
    return rows


def _funnel(kind: FundTerms, now: Snapshot) -> list[Row]:
    years = sorted({d.on.year for d in now.of("enquiry", "application", "decision")})
    rows = []
    for year in years:
        counts = [
            sum(1 for d in now.of(act) if d.on.year == year) for act in ("enquiry", "application")
        ]
        said = [d.facts["says"] for d in now.of("decision") if d.on.year == year]
        rows.append((str(year), *counts, said.count("granted"), said.count("declined")))
    return rows


def _capacity(kind: FundTerms, now: Snapshot) -> list[Row]:
    state = fund_state(now)
    placed = placed_minor(now)
    rows: list[Row] = [
        (_("Stakes"), state.stakes_minor, None),
        (_("Subordinated"), state.subordinated_minor, None),
        (_("Gifts"), state.donations_minor, None),
        (_("Interest and fees earned"), state.retained_minor, None),
        (_("Losses"), -state.losses_minor, None),
        (_("Capital"), state.capital_minor, None),
        (_("Lent, and claims"), state.loans_minor, None),
        (_("Guaranteed"), sum(g.amount_minor for g in state.guarantees), None),
        (_("Granted, not yet paid out"), state.approved_minor, None),
        (_("Buffer"), state.buffer_minor, None),
        (_("Free to lend"), state.free_minor, None),
        *(
            (
                _("Of that only for %(use)s") % {"use": use},
                max(0, minor - placed_from(now, use)),
                None,
            )
            for use, minor in bound(now).items()
        ),
        (_("Bank loans enabled"), sum(g.loan_balance_minor for g in state.guarantees), None),
    ]
    if state.capital_minor > 0:
        rows += [
            (_("Used, per cent of capital"), None, 100 * state.utilisation),
            (_("Leverage"), None, state.leverage),
            (_("Times the capital has gone out"), None,
             revolving_factor(placed, state.capital_minor)),
        ]  # fmt: skip
    if placed:
        rows.append((_("Net loss, per cent of all placed"), None, 100 * loss_rate(now)))
    return rows


def _default_rate(kind: FundTerms, now: Snapshot) -> list[Row]:
    windows = default_windows(now)
    rows: list[Row] = [
        (f"{start} – {end}", rate.defaulted, rate.sound_at_start,
         None if rate.share is None else 100 * rate.share)
        for start, end, rate in windows
    ]  # fmt: skip
    average = average_default_rate(tuple(rate for _start, _end, rate in windows))
    if average is not None:
        rows.append((_("Simple average"), None, None, 100 * average))
    return rows


def _contributions(kind: Registered, now: Snapshot) -> list[Row]:
    roles = {rank: role for role, rank in RANKS}
    labels = {role.role: role.label for role in kind.accounts()}
    return [
        (who, labels[roles[rank]], rank, only, minor)
        for (rank, who, only), minor in contributions(now).items()
    ]


SHEETS = (
    Sheet(
        "contributions",
        _("Contributions by rank"),
        _("Rank 1 bears losses first"),
        (
            Column("holder", _("Holder"), Shape.HOLDER),
            Column("role", _("Contribution")),
            Column("rank", _("Rank"), Shape.NUMBER),
            Column("only_for", _("Only for")),
            Column("amount", _("Amount"), Shape.KRONOR, is_summed=True),
        ),
        _contributions,
        for_holders=True,
    ),
    Sheet(
        "loans",
        _("Loans"),
        _("What is left, what is due, and how late"),
        (
            Column("holder", _("Borrower"), Shape.HOLDER),
            Column("number", _("No."), Shape.NUMBER),
            Column("on", _("Paid out"), Shape.DAY),
            Column("principal", _("Loan"), Shape.KRONOR, is_summed=True),
            Column("left", _("Left"), Shape.KRONOR, is_summed=True),
            Column("owed", _("Due and unpaid"), Shape.KRONOR, is_summed=True),
            Column("late", _("Days late"), Shape.NUMBER),
            Column("state", _("State")),
        ),
        _loans,
        for_holders=True,
    ),
    Sheet(
        "pay-off",
        _("To pay off a loan"),
        _("What makes the borrower free of it on the day, part by part"),
        (
            Column("holder", _("Borrower"), Shape.HOLDER),
            Column("number", _("No."), Shape.NUMBER),
            Column("principal", _("Principal"), Shape.KRONOR, is_summed=True),
            Column("due", _("Interest and fees due"), Shape.KRONOR, is_summed=True),
            Column("accrued", _("Interest since"), Shape.KRONOR, is_summed=True),
            Column("ahead", _("Paid ahead"), Shape.KRONOR, is_summed=True),
            Column("total", _("To pay"), Shape.KRONOR, is_summed=True),
            Column("late", _("Late interest that may be claimed"), Shape.KRONOR, is_summed=True),
        ),
        _payoff,
        for_holders=True,
    ),
    Sheet(
        "guarantees",
        _("Guarantees"),
        _("The exposure is the cover of what the bank has out"),
        (
            Column("holder", _("Debtor"), Shape.HOLDER),
            Column("number", _("No."), Shape.NUMBER),
            Column("lender", _("Lender")),
            Column("bank_loan", _("The bank's loan"), Shape.KRONOR, is_summed=True),
            Column("cover", _("Cover"), Shape.PERCENT),
            Column("balance", _("Reported"), Shape.KRONOR, is_summed=True),
            Column("exposure", _("Exposure"), Shape.KRONOR, is_summed=True),
            Column("until", _("Until"), Shape.DAY),
            Column("state", _("State")),
            Column("claim", _("Claim left"), Shape.KRONOR, is_summed=True),
        ),
        _guarantees,
        for_holders=True,
    ),
    Sheet(
        "funnel",
        _("From enquiry to decision"),
        _("Year by year"),
        (
            Column("year", _("Year")),
            Column("enquiries", _("Enquiries"), Shape.NUMBER, is_summed=True),
            Column("applications", _("Applications"), Shape.NUMBER, is_summed=True),
            Column("granted", _("Applications granted"), Shape.NUMBER, is_summed=True),
            Column("declined", _("Applications declined"), Shape.NUMBER, is_summed=True),
        ),
        _funnel,
    ),
    Sheet(
        "capacity",
        _("What the fund can carry"),
        _("Capital less what is out or promised, and the buffer"),
        (
            Column("what", _("What")),
            Column("kronor", _("Kronor"), Shape.KRONOR),
            Column("figure", _("Figure"), Shape.DECIMAL),
        ),
        _capacity,
    ),
    Sheet(
        "default-rate",
        _("Default rate"),
        _("Of loans as planned when the year began; younger ones count from the next year"),
        (
            Column("window", _("Year from – to")),
            Column("defaulted", _("Defaulted"), Shape.NUMBER),
            Column("sound", _("Sound at the start"), Shape.NUMBER),
            Column("rate", _("Rate"), Shape.PERCENT),
        ),
        _default_rate,
    ),
)
