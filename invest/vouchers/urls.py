"""The addresses of the room `vouchers`."""

from django.urls import path

from invest.vouchers import views

urlpatterns = [
    path("vouchers/", views.vouchers, name="vouchers"),
    path("vouchers/take/", views.redeem, name="take_voucher"),
    path("vouchers/till/<str:token>/", views.till, name="till"),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/codes/",
        views.codes,
        name="codes",
    ),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/codes/<int:pk>/undo/",
        views.undo_use,
        name="undo_voucher",
    ),
]
