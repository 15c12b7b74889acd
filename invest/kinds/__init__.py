"""The kinds of vehicle: a file or folder each, one line each in `KINDS`, and no `if kind ==`.

To add a kind, copy a neighbour, write its terms, and put it in `KINDS`
(docs/how-to/add-a-vehicle.md).
"""

from invest.kinds.actions import AccountRole, Answer, Question
from invest.kinds.company_shares.terms import CompanyShares
from invest.kinds.direct_loan import DirectLoan
from invest.kinds.energy_shares import EnergyShares
from invest.kinds.joint_purchase.terms import JointPurchase
from invest.kinds.kind import Kind
from invest.kinds.local_vouchers import LocalVouchers
from invest.kinds.microfund.terms import Microfund
from invest.kinds.simple_partnership.terms import SimplePartnership
from invest.kinds.stakes.coop import CoopStakes
from invest.kinds.stakes.subordinated import SubordinatedStakes
from invest.kinds.support_saving.terms import SupportSaving

KINDS: dict[str, type[Kind]] = {
    kind.kind: kind
    for kind in (
        EnergyShares,
        CompanyShares,
        CoopStakes,
        SubordinatedStakes,
        DirectLoan,
        SimplePartnership,
        Microfund,
        SupportSaving,
        JointPurchase,
        LocalVouchers,
    )
}
# Every kind is in one of these, and their sums are never mixed: money raised (nothing else is ever
# counted as that), savings that stay the savers' own, and what is paid for goods beforehand.
RAISED = tuple(code for code, kind in KINDS.items() if kind.money_role and kind.is_raised)
SAVED = tuple(code for code, kind in KINDS.items() if not kind.money_role)
BOUGHT = tuple(code for code, kind in KINDS.items() if kind.money_role and not kind.is_raised)

# Acts that let nobody join any more, from the moment they are done.
CLOSING = tuple(act.name for kind in KINDS.values() for act in kind.acts() if act.closes_offers)

__all__ = [
    "BOUGHT",
    "CLOSING",
    "KINDS",
    "RAISED",
    "SAVED",
    "AccountRole",
    "Answer",
    "CompanyShares",
    "CoopStakes",
    "DirectLoan",
    "EnergyShares",
    "JointPurchase",
    "Kind",
    "LocalVouchers",
    "Microfund",
    "Question",
    "SimplePartnership",
    "SubordinatedStakes",
    "SupportSaving",
]
