"""Addresses of the promises: each room has its own; the first that fits is meant."""

from django.urls import include, path

urlpatterns = [
    path("", include("invest.home.urls")),
    path("", include("invest.me.urls")),
    path("", include("invest.projects.urls")),
    path("", include("invest.pledges.urls")),
    path("", include("invest.in_kind.urls")),
    path("", include("invest.conversions.urls")),
    path("", include("invest.organisations.urls")),
    path("", include("invest.fairs.urls")),
    path("", include("invest.gatherings.urls")),
    path("", include("invest.places.urls")),
    path("", include("invest.vouchers.urls")),
    path("", include("invest.handbook.urls")),
    path("", include("invest.vehicles.urls")),
    path("", include("invest.treasury.urls")),
    path("", include("invest.payouts.urls")),
    path("", include("invest.letters.urls")),
]
