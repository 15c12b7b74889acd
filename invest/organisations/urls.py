"""The addresses of the room `organisations`."""

from django.urls import path

from invest.organisations import desk, public

urlpatterns = [
    path("organisations/", public.organisation_list, name="organisation_list"),
    path("organisations/<slug:slug>/", public.organisation, name="organisation"),
    path("organisations/<slug:slug>/limits/", desk.limits, name="limits"),
]
