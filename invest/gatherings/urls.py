"""The addresses of the room `gatherings`."""

from django.urls import path

from invest.gatherings import desk, public

urlpatterns = [
    path("gatherings/", public.gathering_list, name="gathering_list"),
    path("gatherings/calendar.ics", public.gatherings_ics, name="gatherings_ics"),
    path("gatherings/<slug:slug>/", public.gathering, name="gathering"),
    path("gatherings/<slug:slug>/calendar.ics", public.gathering_ics, name="gathering_ics"),
    path("sign-ups/<str:token>/", public.sign_up, name="sign_up"),
    path("cooperation/<str:token>/", public.cooperation, name="cooperation"),
    path(
        "organisations/<slug:slug>/gatherings/",
        desk.gathering_desk,
        name="gathering_desk",
    ),
    path(
        "organisations/<slug:slug>/gatherings/<slug:gathering>/",
        desk.gathering_at_desk,
        name="gathering_at_desk",
    ),
    path(
        "organisations/<slug:slug>/gatherings/<slug:gathering>/guests.pdf",
        desk.guest_list,
        name="guest_list",
    ),
    path(
        "organisations/<slug:slug>/cooperation/",
        desk.cooperation_desk,
        name="cooperation_desk",
    ),
]
