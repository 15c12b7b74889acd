"""The addresses of the room `payouts`."""

from django.urls import path

from invest.payouts import views

urlpatterns = [
    path("organisations/<slug:slug>/registers/<slug:vehicle>/plan/", views.plan, name="plan"),
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
]
