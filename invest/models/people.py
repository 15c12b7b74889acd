"""People, what they agreed to be shown, and which accounts are theirs.

Only `Holding` knows whose an account is: forgetting a person deletes the mapping, and the book
stays whole.
"""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pools.models import Account


class UserManager(BaseUserManager["User"]):
    """Users are known by their e-mail."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user who logs in by e-mail code or passkey; a password is not needed."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an administrator. The role opens the admin; the flags say that all of it is."""
        user = self.create_user(email, password, is_staff=True, is_superuser=True, **fields)
        apps.get_model("invest", "Role").objects.create(user=user, kind="administrator")
        return user


class User(AbstractUser):
    """Someone who logs in. Most people in the record never do."""

    username = None  # type: ignore[assignment] # e-mail is the name
    first_name = None  # type: ignore[assignment] # names live on Person
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail"), unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = UserManager()  # type: ignore[assignment,misc] # ours has no user names

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        """The e-mail: a user has no other name."""
        return self.email

    def get_short_name(self) -> str:
        """The e-mail: a user has no other name."""
        return self.email


class Person(models.Model):
    """A person or an organisation that promises or holds. Contact data only; erasable."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="person"
    )
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    municipality = models.CharField(_("home municipality"), max_length=60, blank=True)
    language = models.CharField(max_length=2, choices=[("sv", "sv"), ("en", "en")], default="sv")
    created_at = models.DateTimeField(default=timezone.now)
    # What some registers must hold by law, and nobody else is asked for.
    postal_address = models.CharField(_("postal address"), max_length=200, blank=True)
    identity_sealed = models.CharField(
        max_length=300, blank=True, editable=False, help_text="Encrypted; see invest/identity.py."
    )
    is_protected = models.BooleanField(
        _("protected identity"),
        default=False,
        help_text=_("Name, number and address are shown to nobody; the keeper has them on paper."),
    )
    restricted_on = models.DateField(
        null=True,
        blank=True,
        help_text="Asked to be forgotten: kept only for as long as law demands, shown nowhere.",
    )

    class Meta:
        verbose_name_plural = "people"
        indexes = [models.Index(Lower("email"), name="person_by_email")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_hidden(self) -> bool:
        """Shown to nobody: protected, or kept for the law's sake only."""
        return self.is_protected or self.restricted_on is not None


class Consent(models.Model):
    """What a person agreed to, to which words, from when to when."""

    class Kind(models.TextChoices):
        PUBLISH_NAME = "publish-name", _("Publish my name")

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=20, choices=Kind)
    text_version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="consent_withdrawn_after_given",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"


class Holding(models.Model):
    """Whose an account is: one person, one vehicle, one role of account (capital, units, loan)."""

    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="holdings", help_text="None: forgotten."
    )
    vehicle = models.ForeignKey("invest.Vehicle", models.PROTECT, related_name="holdings")
    role = models.SlugField(max_length=20)
    number = models.PositiveIntegerField(help_text="The holder's number in the vehicle.")
    account = models.OneToOneField(Account, models.PROTECT, related_name="holding")

    class Meta:
        ordering = ["vehicle", "role", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "vehicle", "role"], name="holding_once_per_person_and_role"
            ),
            models.UniqueConstraint(
                fields=["vehicle", "role", "number"], name="holding_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.role} {self.number}"
