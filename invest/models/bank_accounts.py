"""What somebody wants changed of an organisation's bank accounts: it takes two."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from invest.models.organisations import Organisation
from pools.models import BankAccount


class BankAccountChange(models.Model):
    """An account to be opened, changed or ended: proposed by one, decided by another.

    `values` is what it shall be afterwards. One that the proposer took back is never decided.
    """

    class Kind(models.TextChoices):
        OPEN = "open", _("Open an account")
        CHANGE = "change", _("Change an account")
        END = "end", _("End an account")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a second person")
        AGREED = "agreed", _("Done")
        REFUSED = "refused", _("Refused")
        TAKEN_BACK = "taken-back", _("Taken back")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="bank_account_changes"
    )
    bank_account = models.ForeignKey(
        BankAccount,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="changes",
        help_text="Of a new one: once it is opened.",
    )
    kind = models.CharField(max_length=6, choices=Kind)
    values = models.JSONField(default=dict)
    key = models.CharField(max_length=80, unique=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="proposed_bank_accounts"
    )
    proposed_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decided_bank_accounts",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    is_agreed = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="bank_account_change_takes_two",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="bank_account_change_is_decided_whole",
                condition=Q(decided_by=None, decided_at=None, is_agreed=None)
                | Q(
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    is_agreed__isnull=False,
                    taken_back_at=None,
                ),
            ),
            models.CheckConstraint(
                name="bank_account_change_of_an_account",
                condition=Q(kind="open")
                | Q(kind__in=["change", "end"], bank_account__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.bank_account_id or '+'}"

    @property
    def state(self) -> "BankAccountChange.State":
        """Derived from who did what."""
        if self.taken_back_at is not None:
            return self.State.TAKEN_BACK
        if self.is_agreed is None:
            return self.State.PROPOSED
        return self.State.AGREED if self.is_agreed else self.State.REFUSED
