"""The addresses of the room `in_kind`."""

from django.urls import path

from invest.in_kind import desk, public

urlpatterns = [
    path("projects/<slug:slug>/pledge/in-kind/", public.offer, name="in_kind"),
    path("in-kind/<str:token>/", public.receipt, name="in_kind_receipt"),
    path("projects/<slug:slug>/help/", desk.help_desk, name="help_desk"),
]
