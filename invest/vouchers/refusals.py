"""What the room `vouchers` refuses."""

from django.utils.translation import gettext_lazy as _

from pools.errors import Refused


class NoSuchVoucher(Refused):
    """A code that no voucher has, or one that this till does not take."""

    sentence = _(
        "No voucher that is taken here has that code. Look at each sign once more; nothing was "
        "redeemed."
    )
    status = 404


class VoucherExpired(Refused):
    """A voucher after its last day."""

    sentence = _("This voucher was good to and including %(on)s. Nothing was redeemed.")
    status = 409


class VoucherWhole(Refused):
    """A part of a voucher whose terms want it whole."""

    sentence = _("This voucher is used all at once: %(worth)s. Nothing was redeemed.")
    status = 409


class NoSuchTill(Refused):
    """A till that the issuer has taken back, or a link that is not one."""

    sentence = _(
        "This link is no till, or no longer. Ask the issuer of the vouchers for a new one."
    )
    status = 404
