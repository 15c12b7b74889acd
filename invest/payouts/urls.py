"""The addresses of the room `payouts`."""

from django.urls import path

from invest.payouts import views

urlpatterns = [
    path("organisations/<slug:slug>/registers/<slug:vehicle>/plan/", views.plan, name="plan"),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/plan/make/",
        views.make_plan,
        name="make_plan",
    ),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/plan/repay/",
        views.repay,
        name="repay",
    ),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/plan/early/",
        views.repay_early,
        name="repay_early",
    ),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/plan/repayments/<int:pk>/",
        views.repayment,
        name="repayment",
    ),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/plan/repayments/<int:pk>/undo/",
        views.undo_repayment,
        name="undo_repayment",
    ),
    path(
        "organisations/<slug:slug>/distributions/",
        views.distributions,
        name="distributions",
    ),
    path(
        "organisations/<slug:slug>/distributions/<int:pk>/",
        views.distribution,
        name="distribution",
    ),
    path(
        "organisations/<slug:slug>/distributions/<int:pk>/approve/",
        views.approve,
        name="approve_distribution",
    ),
    path(
        "organisations/<slug:slug>/distributions/<int:pk>/pay/",
        views.pay,
        name="pay_distribution",
    ),
]
