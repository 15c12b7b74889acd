"""The addresses of the room `pledges`."""

from django.urls import path

from invest.pledges import desk, public

urlpatterns = [
    path("projects/<slug:slug>/pledge/", public.pledge, name="pledge"),
    path("pledges/<str:token>/", public.receipt, name="receipt"),
    path("pledges/<str:token>/withdraw/", public.withdraw, name="withdraw"),
    path("organisations/<slug:slug>/pledges/", desk.pledges_desk, name="pledges_desk"),
    path("organisations/<slug:slug>/offers/<int:pk>/allot/", desk.allot, name="allot"),
]
