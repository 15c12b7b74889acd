"""The vanilla admin, for administrators: master data to edit, the book and the events to read.

What moves money or promises goes through the verbs, so nothing of it can be changed here.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from invest import access
from invest import models as promises
from invest.models import User
from pools import models as money

MASTER_DATA: tuple[type[Model], ...] = (
    promises.Organisation,
    promises.Role,
    promises.Setting,
    promises.Person,
    promises.Project,
    promises.Need,
    promises.FinanceSource,
    promises.Update,
    promises.Milestone,
    promises.Fair,
    promises.Pitch,
)
RECORDS: tuple[type[Model], ...] = (
    money.Unit,
    money.Ledger,
    money.Pool,
    money.Account,
    money.Entry,
    money.Transfer,
    money.AccountMonth,
    money.BankAccount,
    money.BankMode,
    money.BankFile,
    money.BankStatement,
    money.Movement,
    money.Part,
    money.BankLine,
    promises.BankAccountChange,
    promises.Consent,
    promises.Holding,
    promises.Vehicle,
    promises.VehicleTerms,
    promises.Offering,
    promises.GoalRevision,
    promises.StageEvent,
    promises.StageAnswer,
    promises.Assessment,
    promises.Pledge,
    promises.PledgeEvent,
    promises.Call,
    promises.Placement,
    promises.Plan,
    promises.Instalment,
    promises.Repayment,
    promises.RepaymentLine,
    promises.Distribution,
    promises.DistributionLine,
)
SECRET = frozenset({"token", "key", "key_owner"})  # Whoever knows them may act for a saver.


class MasterAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not subscriptable when run
    """Data that people keep in order; nothing that others rest on can be deleted (PROTECT)."""

    list_per_page = 50


class RecordAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not subscriptable when run
    """To look at, never to change."""

    list_per_page = 50
    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: Any | None = None) -> Any:
        """Everything but what would let the reader act for a saver."""
        return [
            field.name
            for field in self.model._meta.concrete_fields
            if field.name not in SECRET and not field.name.endswith("_currency")
        ]

    def has_add_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        """No."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        """No: the page shows, and has no button to save."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        """No."""
        return False


@admin.register(User)
class OurUserAdmin(UserAdmin):  # type: ignore[type-arg] # not subscriptable when run
    """Users by e-mail; what they may do is in their roles."""

    ordering = ("email",)
    list_display = ("email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email",)
    fieldsets = (
        (None, {"fields": ("email",)}),
        (_("Access"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    add_fieldsets = ((None, {"fields": ("email", "usable_password", "password1", "password2")}),)
    filter_horizontal = ()


def administrators_only(request: HttpRequest) -> bool:
    """The role decides, read on every request, and its second step."""
    return access.is_administrator(request.user) and not access.needs_mfa(request.user)


def door(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """One way in: the admin's own login knows no codes by mail, passkeys or second steps."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))
    if access.is_administrator(request.user):
        return redirect("mfa_index")
    raise PermissionDenied


admin.site.has_permission = administrators_only  # type: ignore[method-assign]
admin.site.login = door  # type: ignore[method-assign]
admin.site.register(MASTER_DATA, MasterAdmin)
admin.site.register(RECORDS, RecordAdmin)
