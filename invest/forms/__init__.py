"""What visitors type: its shape is checked here, the rules again by the verbs.

A form that refuses keeps what was typed, says why beside the field, and knows the status to answer
with (`status`, 400 unless a refusal says otherwise).
"""

from invest.forms.become import BecomeForm, FoundForm, JoinForm
from invest.forms.calculators import CarryForm, LoanForm
from invest.forms.deeds import ActForm, TermsForm, UndoForm
from invest.forms.holders import HolderForm
from invest.forms.in_kind import InKindForm, MessageForm
from invest.forms.limits import GateForm
from invest.forms.me import ContactForm, ExitForm, ForgetForm
from invest.forms.offers import RULE_LABELS, GoalForm, OfferForm, ReasonForm
from invest.forms.plans import EarlyForm, PlanForm, RepayForm
from invest.forms.promises import (
    BankFileForm,
    DistributionForm,
    MatchForm,
    PledgeDeskForm,
    PledgeForm,
)
from invest.forms.vouchers import CodeForm, RedeemForm

__all__ = [
    "RULE_LABELS",
    "ActForm",
    "BankFileForm",
    "BecomeForm",
    "CarryForm",
    "CodeForm",
    "ContactForm",
    "DistributionForm",
    "EarlyForm",
    "ExitForm",
    "ForgetForm",
    "FoundForm",
    "GateForm",
    "GoalForm",
    "HolderForm",
    "InKindForm",
    "JoinForm",
    "LoanForm",
    "MatchForm",
    "MessageForm",
    "OfferForm",
    "PlanForm",
    "PledgeDeskForm",
    "PledgeForm",
    "ReasonForm",
    "RedeemForm",
    "RepayForm",
    "TermsForm",
    "UndoForm",
]
