"""The addresses of the room `pledges`."""

from django.urls import path

from invest.pledges import desk, public

DESK = "organisations/<slug:slug>/pledges/"

urlpatterns = [
    path("projects/<slug:slug>/pledge/", public.pledge, name="pledge"),
    path("pledges/<str:token>/", public.receipt, name="receipt"),
    path("pledges/<str:token>/withdraw/", public.withdraw, name="withdraw"),
    path(DESK, desk.pledges_desk, name="pledges_desk"),
    path(f"{DESK}confirm/", desk.confirm, name="confirm_pledges"),
    path(f"{DESK}call/", desk.call, name="call_pledges"),
    path(f"{DESK}decline/", desk.decline, name="decline_pledges"),
    path(f"{DESK}release/", desk.release, name="release_pledges"),
    path(f"{DESK}unfulfilled/", desk.mark_unfulfilled, name="mark_pledges_unfulfilled"),
    path("organisations/<slug:slug>/offers/<int:pk>/allot/", desk.allot, name="allot"),
]
