"""The one page of permission: which roles open which desk, read anew on every request.

A page gets its rows from here or not at all, so a stranger meets 404, never another's data.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from invest.models import Distribution, Holding, Organisation, Pledge, Role, User

Visitor = User | AnonymousUser

OWNER, TREASURER, APPROVER = Role.Kind.PROJECT_OWNER, Role.Kind.TREASURER, Role.Kind.APPROVER
ORGANISER, KEEPER, AUDITOR = Role.Kind.ORGANISER, Role.Kind.REGISTER_KEEPER, Role.Kind.AUDITOR

# A noun is a desk: pages that the roles open. A noun, a dot and a verb is a right to do one thing,
# on a page that the desk has opened or at an address of its own. Nowhere else does a role open
# anything: decorators, menus, pages and reports name a desk, and get a KeyError for another word.
DESKS: Final[Mapping[str, tuple[Role.Kind, ...]]] = MappingProxyType(
    {
        # Money: one who keeps it, and whoever follows what was promised.
        "bank": (TREASURER,),
        "bank.approve": (TREASURER, APPROVER),  # another account, as another proposed it
        "offers": (TREASURER,),
        "pledges": (TREASURER, ORGANISER),
        "pledges.call": (TREASURER,),  # a call asks for money; confirming only notes a promise
        "pledges.allot": (TREASURER,),
        "letters": (TREASURER, ORGANISER),
        "conversions": (TREASURER, ORGANISER),
        "repayments": (TREASURER,),
        # Two people: who computed a payout never approves it, whatever roles they hold.
        "payouts": (TREASURER, APPROVER, AUDITOR),
        "payouts.compute": (TREASURER,),
        "payouts.approve": (TREASURER, APPROVER),
        "payouts.pay": (TREASURER,),
        # Registers: who looks, who writes, and the second person.
        "registers": (KEEPER, TREASURER, AUDITOR, APPROVER),
        "registers.keep": (KEEPER, TREASURER),  # holders, certificates, terms, voucher codes
        "actions.do": (KEEPER, TREASURER),
        "actions.undo": (KEEPER, TREASURER),
        "actions.approve": (TREASURER, APPROVER),  # refusing is the same decision
        # What the law watches is seen by all who answer for money; two put a look on record.
        "limits": (TREASURER, APPROVER, AUDITOR, ORGANISER),
        "limits.look": (TREASURER, APPROVER),
        # A project's own desk: its owner, and who keeps the organisation's money or its fairs.
        "projects": (OWNER, TREASURER, ORGANISER),
        "projects.pass": (ORGANISER,),  # past a gate that nothing has opened, with a reason
        "invitations": (OWNER, TREASURER),  # an organiser invites; it does not answer for others
        # Meetings and places.
        "fairs": (ORGANISER,),
        "packs": (ORGANISER,),
        "gatherings": (ORGANISER,),
        "places": (ORGANISER,),
        # An approver signs a publication and writes none.
        "publications": (OWNER, TREASURER, ORGANISER, APPROVER),
        "publications.draft": (OWNER, TREASURER, ORGANISER),
        "publications.approve": (TREASURER, APPROVER),
        "publications.discard": (OWNER, TREASURER, ORGANISER, APPROVER),
    }
)

# Roles that touch money or the fair log in with a second factor.
STRONG = frozenset({TREASURER, APPROVER, ORGANISER, KEEPER, Role.Kind.ADMINISTRATOR})


def _held_on(day: date) -> QuerySet[Role]:
    return Role.objects.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


def _held(user: Visitor) -> QuerySet[Role]:
    if not isinstance(user, User) or not user.is_active:
        return Role.objects.none()
    return _held_on(timezone.localdate()).filter(user=user)


def may(user: Visitor, organisation: Organisation, desk: str) -> bool:
    """Whether a role of the user's opens the desk of the organisation today."""
    return _held(user).filter(organisation=organisation, kind__in=DESKS[desk]).exists()


def is_kept(organisation: Organisation, desk: str, on: date) -> bool:
    """Whether there is anybody whose role opens the desk of the organisation that day."""
    return _held_on(on).filter(organisation=organisation, kind__in=DESKS[desk]).exists()


def is_administrator(user: Visitor) -> bool:
    """Users and settings; never the book, and no desk."""
    return _held(user).filter(kind=Role.Kind.ADMINISTRATOR).exists()


def needs_mfa(user: Visitor) -> bool:
    """Whether a role of the user's asks for a second factor that is not set up."""
    return (
        isinstance(user, User)
        and _held(user).filter(kind__in=STRONG).exists()
        and not is_mfa_enabled(user)
    )


def organisations_for(user: Visitor, desk: str) -> QuerySet[Organisation]:
    """Organisations whose desk a role of the user's opens today, by name."""
    held = _held(user).filter(kind__in=DESKS[desk])
    return Organisation.objects.filter(pk__in=held.values("organisation")).order_by("name")


def desks_of(user: Visitor) -> dict[Organisation, frozenset[str]]:
    """Every desk and right that the roles of the user's open today, by organisation. One query."""
    opened: defaultdict[Organisation, set[str]] = defaultdict(set)
    for role in _held(user).select_related("organisation"):
        if role.organisation is not None:
            opened[role.organisation] |= {name for name in DESKS if role.kind in DESKS[name]}
    return {organisation: frozenset(names) for organisation, names in opened.items()}


def pledges_of(user: Visitor) -> QuerySet[Pledge]:
    """A saver's own."""
    if not isinstance(user, User):
        return Pledge.objects.none()
    return Pledge.objects.filter(person__user=user)


def pledges_handled_by(user: Visitor) -> QuerySet[Pledge]:
    """Pledges to organisations the user keeps the money of, or organises for."""
    return Pledge.objects.filter(
        offering__vehicle__organisation__in=organisations_for(user, "pledges")
    )


def distributions_for(user: Visitor) -> QuerySet[Distribution]:
    """Payouts the user may compute, approve or read."""
    return Distribution.objects.filter(vehicle__organisation__in=organisations_for(user, "payouts"))


def holdings_of(user: Visitor) -> QuerySet[Holding]:
    """A saver's own."""
    if not isinstance(user, User):
        return Holding.objects.none()
    return Holding.objects.filter(person__user=user)
