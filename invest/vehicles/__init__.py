"""The kinds of vehicle: one file each, one line each in `KINDS`, and no `if kind ==` anywhere.

To add a kind, copy a neighbour, write its terms, and put it in `KINDS`
(docs/how-to/add-a-vehicle.md).
"""

from invest.vehicles.company_shares import CompanyShares
from invest.vehicles.coop_stakes import CoopStakes
from invest.vehicles.direct_loan import DirectLoan
from invest.vehicles.energy_shares import EnergyShares
from invest.vehicles.joint_purchase import JointPurchase
from invest.vehicles.kind import AccountRole, Answer, Kind, Question
from invest.vehicles.local_vouchers import LocalVouchers
from invest.vehicles.microfund import Microfund
from invest.vehicles.simple_partnership import SimplePartnership
from invest.vehicles.subordinated_stakes import SubordinatedStakes
from invest.vehicles.support_saving import SupportSaving

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
