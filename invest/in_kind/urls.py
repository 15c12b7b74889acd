"""The addresses of the room `in_kind`."""

from django.urls import path

from invest.in_kind import desk, public

urlpatterns = [
    path("projects/<slug:slug>/pledge/in-kind/", public.offer, name="in_kind"),
    path("in-kind/<str:token>/", public.receipt, name="in_kind_receipt"),
    path("in-kind/<str:token>/say/", public.say, name="say_in_kind"),
    path("in-kind/<str:token>/withdraw/", public.withdraw, name="withdraw_in_kind"),
    path("projects/<slug:slug>/help/", desk.help_desk, name="help_desk"),
    path("projects/<slug:slug>/help/<int:pk>/say/", desk.say, name="say_help"),
    path("projects/<slug:slug>/help/<int:pk>/accept/", desk.accept, name="accept_help"),
    path("projects/<slug:slug>/help/<int:pk>/decline/", desk.decline, name="decline_help"),
    path("projects/<slug:slug>/help/<int:pk>/schedule/", desk.schedule, name="schedule_help"),
    path("projects/<slug:slug>/help/<int:pk>/deliver/", desk.deliver, name="deliver_help"),
    path("projects/<slug:slug>/help/<int:pk>/verify/", desk.verify, name="verify_help"),
]
