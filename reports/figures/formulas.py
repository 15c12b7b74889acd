"""Every figure of a report with its formula in words, its unit and where the formula is from.

The one list that the page, the PDF and the deck show as their appendix; docs/figures.md tells more.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_KR, _SHARE, _DAYS, _COUNT = _("kronor"), _("per cent"), _("days"), _("number")
_HOUSE = _("our own")
_FUND = _("Delegated Regulation (EU) 2022/2115, art. 2")
_CGAP = _("CGAP, Measuring Results of Microfinance Institutions, 2009")
_JAK = _("JAK Medlemsbank, the points system")


@dataclass(frozen=True, slots=True)
class Formula:
    """A figure. `part` is the chapter of a report that tells it."""

    part: str
    name: str | Promise
    words: str | Promise
    unit: str | Promise
    source: str | Promise


FORMULAS: tuple[Formula, ...] = tuple(
    Formula(*row)
    for row in (
        (
            "raised",
            _("Promised"),
            _("the sum of promises that are confirmed and not withdrawn, as they stand now"),
            _KR,
            _HOUSE,
        ),
        (
            "raised",
            _("Received"),
            _("the sum of payments paired with a promise and not undone, by the book"),
            _KR,
            _HOUSE,
        ),
        (
            "raised",
            _("Bank loans enabled"),
            _("the sum of bank loans signed for the projects"),
            _KR,
            _HOUSE,
        ),
        (
            "raised",
            _("Raised against goal"),
            _("promised ÷ the least goal, and received ÷ the least goal; earlier goals are marked"),
            _SHARE,
            _HOUSE,
        ),
        (
            "raised",
            _("Promises kept"),
            _("paid ÷ confirmed, by amount, of promises confirmed at least 90 days ago"),
            _SHARE,
            _HOUSE,
        ),
        (
            "raised",
            _("Days to pay"),
            _("the median of days from confirmed to paid in full"),
            _DAYS,
            _HOUSE,
        ),
        (
            "raised",
            _("Pace"),
            _("promises confirmed in the last seven days; median days to half the goal and to all"),
            _("kronor, days"),
            _HOUSE,
        ),
        (
            "savers",
            _("Savers"),
            _("distinct persons with a promise that counts"),
            _COUNT,
            _HOUSE,
        ),
        (
            "savers",
            _("New and returning"),
            _("returning: promised at an earlier fair too; new: the others"),
            _COUNT,
            _HOUSE,
        ),
        (
            "savers",
            _("Median, mean and quartiles"),
            _("of what each saver has promised to these projects in all; quartiles from 20 savers"),
            _KR,
            _("linear interpolation"),
        ),
        (
            "savers",
            _("Local share"),
            _("promised by savers of the projects' municipality ÷ by savers whose home is known"),
            _SHARE,
            _HOUSE,
        ),
        (
            "savers",
            _("Gini index"),
            _("2·Σ i·x(i) ÷ (n·Σx) − (n+1) ÷ n, amounts x from smallest to largest; 0: all alike"),
            "0–1",
            _("Gini, 1912"),
        ),
        (
            "savers",
            _("The ten largest"),
            _("promised by the ten largest savers ÷ by all; from 50 savers"),
            _SHARE,
            _HOUSE,
        ),
        (
            "finance",
            _("From need to gap"),
            _("needed in money − promised − each signed source = gap, project by project"),
            _KR,
            _HOUSE,
        ),
        (
            "finance",
            _("By sector"),
            _("the projects' sums, added up sector by sector"),
            _KR,
            _("Local Economic Blueprint (sectors)"),
        ),
        (
            "help",
            _("Help by step"),
            _("the quantity offered, accepted, delivered and verified, each unit by itself"),
            _("hours, pieces …"),
            _("Hundepool et al., Statistical Disclosure Control, 2012"),
        ),
        (
            "help",
            _("Fulfilment"),
            _("verified quantity ÷ accepted quantity, each unit by itself"),
            _SHARE,
            _HOUSE,
        ),
        (
            "help",
            _("Value of help"),
            _("verified quantity × the value of a unit when it was offered; for information"),
            _KR,
            _HOUSE,
        ),
        (
            "help",
            _("Needs met"),
            _("needs with accepted help of the whole quantity ÷ all needs of help"),
            _COUNT,
            _HOUSE,
        ),
        (
            "loans",
            _("Outstanding"),
            _("principal lent − principal repaid"),
            _KR,
            _HOUSE,
        ),
        (
            "loans",
            _("Repaid"),
            _("principal repaid ÷ lent; and ÷ due by the day (collection rate)"),
            _SHARE,
            _CGAP,
        ),
        (
            "loans",
            _("Late payments"),
            _("due − paid, of instalments due before the day, by days late"),
            _KR,
            _HOUSE,
        ),
        (
            "loans",
            _("Loans at risk (30 and 90 days)"),
            _(
                "the whole balance of loans with anything more than 30 (90) days late, or with a "
                "new plan in the last year ÷ the balance of all loans"
            ),
            _SHARE,
            _CGAP,
        ),
        (
            "fund",
            _("Used of the fund"),
            _("(lent + claims + guaranteed + granted) ÷ capital"),
            _SHARE,
            _HOUSE,
        ),
        (
            "fund",
            _("Leverage"),
            _("bank loans guaranteed ÷ capital"),
            _("times"),
            _HOUSE,
        ),
        (
            "fund",
            _("Revolving factor"),
            _("all ever lent and guaranteed ÷ capital on the day"),
            _("times"),
            _HOUSE,
        ),
        (
            "fund",
            _("Default rate in a year"),
            _("loans that came more than 90 days late or were written off ÷ loans sound before"),
            _SHARE,
            _FUND,
        ),
        (
            "fund",
            _("Net loss"),
            _("(written off + lost claims − recovered) ÷ all ever lent and guaranteed"),
            _SHARE,
            _HOUSE,
        ),
        (
            "saving",
            _("Support savings"),
            _("the sum of what was last seen on each account; old: seen more than 90 days ago"),
            _KR,
            _JAK,
        ),
        (
            "saving",
            _("Points and coverage"),
            _(
                "a point for each krona saved a month, times the factor; coverage: points there "
                "are and will be ÷ points that the loan uses"
            ),
            _("points"),
            _JAK,
        ),
        (
            "energy",
            _("Production"),
            _("the sum of readings, month by month; specific yield: kWh in 12 months ÷ kilowatts"),
            _("kWh"),
            _HOUSE,
        ),
        (
            "energy",
            _("Carbon dioxide avoided"),
            _("kWh × the dated factor (grams for each kWh) of the month"),
            "kg",
            _("the dated setting co2-g-per-kwh"),
        ),
        (
            "energy",
            _("Members' benefit"),
            _("used kWh × (market price − members' price) of the day"),
            _KR,
            _HOUSE,
        ),
        (
            "became",
            _("Cohort"),
            _("of what was promised at a fair: paid (help: delivered) within so many days ÷ all"),
            _SHARE,
            _HOUSE,
        ),
    )
)
