"""Who may see and do what: one queryset per role, read anew on every request.

A page gets its rows from here or not at all, so a stranger meets 404, never another's data.
"""

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from invest.models import Distribution, Holding, Organisation, Pledge, Role, User
from pools.models import BankLine

Visitor = User | AnonymousUser

# Roles that touch money or the fair log in with a second factor.
STRONG_KINDS = frozenset(
    {
        Role.Kind.TREASURER,
        Role.Kind.APPROVER,
        Role.Kind.ORGANISER,
        Role.Kind.REGISTER_KEEPER,
        Role.Kind.ADMINISTRATOR,
    }
)


def _held(user: Visitor) -> QuerySet[Role]:
    if not isinstance(user, User) or not user.is_active:
        return Role.objects.none()
    today = timezone.localdate()
    return Role.objects.filter(user=user, since__lte=today).filter(
        Q(until__isnull=True) | Q(until__gte=today)
    )


def has_role(user: Visitor, organisation: Organisation, *kinds: str) -> bool:
    """Whether the user holds one of the roles in the organisation today."""
    return _held(user).filter(organisation=organisation, kind__in=kinds).exists()


def is_administrator(user: Visitor) -> bool:
    """Users and settings; never the book."""
    return _held(user).filter(kind=Role.Kind.ADMINISTRATOR).exists()


def needs_mfa(user: Visitor) -> bool:
    """Whether a role of the user's asks for a second factor that is not set up."""
    return (
        isinstance(user, User)
        and _held(user).filter(kind__in=STRONG_KINDS).exists()
        and not is_mfa_enabled(user)
    )


def organisations_for(user: Visitor, *kinds: str) -> QuerySet[Organisation]:
    """Organisations in which the user holds one of the roles today, by name."""
    held = _held(user).filter(kind__in=kinds)
    return Organisation.objects.filter(pk__in=held.values("organisation")).order_by("name")


def pledges_of(user: Visitor) -> QuerySet[Pledge]:
    """A saver's own."""
    if not isinstance(user, User):
        return Pledge.objects.none()
    return Pledge.objects.filter(person__user=user)


def pledges_handled_by(user: Visitor) -> QuerySet[Pledge]:
    """Pledges to organisations the user keeps the money of, or organises for."""
    return Pledge.objects.filter(
        offering__vehicle__organisation__in=organisations_for(
            user, Role.Kind.TREASURER, Role.Kind.ORGANISER
        )
    )


def bank_lines_for(user: Visitor) -> QuerySet[BankLine]:
    """Bank lines of organisations the user is treasurer of."""
    return BankLine.objects.filter(
        statement__bank_account__account__ledger__organisation__in=organisations_for(
            user, Role.Kind.TREASURER
        )
    )


def distributions_for(user: Visitor) -> QuerySet[Distribution]:
    """Payouts the user may compute, approve or read."""
    return Distribution.objects.filter(
        vehicle__organisation__in=organisations_for(
            user, Role.Kind.TREASURER, Role.Kind.APPROVER, Role.Kind.AUDITOR
        )
    )


def holdings_of(user: Visitor) -> QuerySet[Holding]:
    """A saver's own."""
    if not isinstance(user, User):
        return Holding.objects.none()
    return Holding.objects.filter(person__user=user)


# Which roles open which desk.
BANK_KINDS = (Role.Kind.TREASURER,)
PLEDGE_KINDS = (Role.Kind.TREASURER, Role.Kind.ORGANISER)
HELP_KINDS = (Role.Kind.PROJECT_OWNER, Role.Kind.TREASURER, Role.Kind.ORGANISER)
ANSWER_KINDS = (Role.Kind.PROJECT_OWNER, Role.Kind.TREASURER)
LIMIT_KINDS = (
    Role.Kind.TREASURER,
    Role.Kind.APPROVER,
    Role.Kind.AUDITOR,
    Role.Kind.ORGANISER,
)
PUBLISH_KINDS = (
    Role.Kind.PROJECT_OWNER,
    Role.Kind.TREASURER,
    Role.Kind.ORGANISER,
    Role.Kind.APPROVER,
)
LOOK_KINDS = (Role.Kind.TREASURER, Role.Kind.APPROVER)
DISTRIBUTION_KINDS = (Role.Kind.TREASURER, Role.Kind.APPROVER, Role.Kind.AUDITOR)


# Who may look at vehicles and registers, who may do something with one, and who may approve.
REGISTER_KINDS = (Role.Kind.REGISTER_KEEPER, Role.Kind.TREASURER, Role.Kind.AUDITOR)
VEHICLE_KINDS = (*REGISTER_KINDS, Role.Kind.APPROVER)
ACT_KINDS = (Role.Kind.REGISTER_KEEPER, Role.Kind.TREASURER)
APPROVE_KINDS = (Role.Kind.TREASURER, Role.Kind.APPROVER)
