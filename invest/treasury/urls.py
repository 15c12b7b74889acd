"""The addresses of the room `treasury`."""

from django.urls import path

from invest.treasury.views import accounts, agreement, bank, placing

_BANK = "organisations/<slug:slug>/bank/"
_PART = f"{_BANK}<int:part>/"
_ACCOUNTS = f"{_BANK}accounts/"

urlpatterns = [
    path(_BANK, bank.bank, name="bank"),
    path(f"{_BANK}asked/<int:line>/own/", bank.settle_own, name="settle_own"),
    path(f"{_BANK}asked/<int:line>/same/<int:movement>/", bank.settle_same, name="settle_same"),
    path(f"{_BANK}files/<int:pk>/", bank.bank_file, name="bank_file"),
    path(_PART, placing.bank_part, name="bank_part"),
    path(f"{_PART}pay/", placing.pay_part, name="pay_part"),
    path(f"{_PART}hold/", placing.hold_part, name="hold_part"),
    path(f"{_PART}fee/", placing.fee_part, name="fee_part"),
    path(f"{_PART}bookkeeper/", placing.bookkeeper_part, name="bookkeeper_part"),
    path(f"{_PART}confirm/", placing.confirm_part, name="confirm_part"),
    path(f"{_PART}set-off/", placing.set_off_part, name="set_off_part"),
    path(f"{_BANK}undo/<int:placement>/", placing.undo_placement, name="undo_placement"),
    path(f"{_BANK}<int:account>/agrees/", agreement.bank_agrees, name="bank_agrees"),
    path(f"{_BANK}<int:account>/opening/", agreement.confirm_opening, name="confirm_opening"),
    path(_ACCOUNTS, accounts.bank_accounts, name="bank_accounts"),
    path(f"{_ACCOUNTS}open/", accounts.open_account, name="open_account"),
    path(f"{_ACCOUNTS}<int:account>/change/", accounts.change_account, name="change_account"),
    path(f"{_ACCOUNTS}<int:account>/end/", accounts.end_account, name="end_account"),
    path(f"{_ACCOUNTS}proposed/<int:pk>/agree/", accounts.agree_account, name="agree_account"),
    path(f"{_ACCOUNTS}proposed/<int:pk>/refuse/", accounts.refuse_account, name="refuse_account"),
    path(
        f"{_ACCOUNTS}proposed/<int:pk>/take-back/",
        accounts.take_back_account,
        name="take_back_account",
    ),
]
