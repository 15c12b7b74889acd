"""The nouns of promises. One file a theme; import them from here."""

from invest.models.actions import Action, ActionEvent
from invest.models.aftermath import FollowUp
from invest.models.bank_accounts import BankAccountChange
from invest.models.cards import CardBatch, PledgeCard
from invest.models.conversions import JoinInvitation
from invest.models.events import Event
from invest.models.fairs import Fair, FairTask, Pitch
from invest.models.gatherings import Cooperation, Gathering, GatheringChange, Minute, SignUp
from invest.models.in_kind import InKind, InKindEvent, InKindMessage
from invest.models.letters import Letter, Unwanted
from invest.models.organisations import LegalReview, Organisation, Role, Setting
from invest.models.people import Consent, Holding, Person, User
from invest.models.placements import Placement
from invest.models.places import Assessment, AssetCard, Place, Producer
from invest.models.plans import (
    Distribution,
    DistributionLine,
    Instalment,
    Plan,
    Repayment,
    RepaymentLine,
)
from invest.models.pledges import Call, Pledge, PledgeEvent
from invest.models.projects import (
    FinanceSource,
    Milestone,
    Need,
    Project,
    StageAnswer,
    StageEvent,
    Update,
)
from invest.models.vehicles import GoalRevision, Offering, Vehicle, VehicleTerms
from invest.models.vouchers import VoucherCode, VoucherUse
from invest.models.words import EventText, Worded

__all__ = [
    "Action",
    "ActionEvent",
    "Assessment",
    "AssetCard",
    "BankAccountChange",
    "Call",
    "CardBatch",
    "Consent",
    "Cooperation",
    "Distribution",
    "DistributionLine",
    "Event",
    "EventText",
    "Fair",
    "FairTask",
    "FinanceSource",
    "FollowUp",
    "Gathering",
    "GatheringChange",
    "GoalRevision",
    "Holding",
    "InKind",
    "InKindEvent",
    "InKindMessage",
    "Instalment",
    "JoinInvitation",
    "LegalReview",
    "Letter",
    "Milestone",
    "Minute",
    "Need",
    "Offering",
    "Organisation",
    "Person",
    "Pitch",
    "Place",
    "Placement",
    "Plan",
    "Pledge",
    "PledgeCard",
    "PledgeEvent",
    "Producer",
    "Project",
    "Repayment",
    "RepaymentLine",
    "Role",
    "Setting",
    "SignUp",
    "StageAnswer",
    "StageEvent",
    "Unwanted",
    "Update",
    "User",
    "Vehicle",
    "VehicleTerms",
    "VoucherCode",
    "VoucherUse",
    "Worded",
]
