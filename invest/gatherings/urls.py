"""The addresses of the room `gatherings`: its pages, and under each what is done there."""

from django.urls import URLPattern, URLResolver, include, path

from invest.gatherings import public
from invest.gatherings.desk import cooperation, every, one

of_minute = [
    path("finish/", one.finish_minute, name="finish_minute"),
    path("project/", one.minute_project, name="minute_project"),
    path("card/", one.minute_card, name="minute_card"),
    path("strike/", one.strike_minute, name="strike_minute"),
]
of_gathering: list[URLPattern | URLResolver] = [
    path("", one.gathering_at_desk, name="gathering_at_desk"),
    path("guests.pdf", one.guest_list, name="guest_list"),
    path("reword/", one.reword_gathering, name="reword_gathering"),
    path("move/", one.move_gathering, name="move_gathering"),
    path("cancel/", one.cancel_gathering, name="cancel_gathering"),
    path("remove/", one.remove_gathering, name="remove_gathering"),
    path("became/", one.gathering_became, name="gathering_became"),
    path("fair/", one.hold_fair, name="hold_fair"),
    path("guests/<int:pk>/came/", one.guest_came, name="guest_came"),
    path("guests/<int:pk>/did-not-come/", one.guest_did_not_come, name="guest_did_not_come"),
    path("minutes/write/", one.write_minute, name="write_minute"),
    path("minutes/<int:number>/", include(of_minute)),
]
of_organisation: list[URLPattern | URLResolver] = [
    path("gatherings/", every.gathering_desk, name="gathering_desk"),
    # Two words, so that no gathering's own name is in the way.
    path("gatherings/new/open/", every.open_gathering, name="open_gathering"),
    path("gatherings/fairs/<slug:fair>/invite/", every.invite_to_fair, name="invite_to_fair"),
    path("gatherings/<slug:gathering>/", include(of_gathering)),
    path("cooperation/", cooperation.cooperation_desk, name="cooperation_desk"),
    path("cooperation/ask/", cooperation.ask_cooperation, name="ask_cooperation"),
    path(
        "cooperation/<int:pk>/take-back/",
        cooperation.take_back_cooperation,
        name="take_back_cooperation",
    ),
]
urlpatterns = [
    path("gatherings/", public.gathering_list, name="gathering_list"),
    path("gatherings/calendar.ics", public.gatherings_ics, name="gatherings_ics"),
    path("gatherings/<slug:slug>/", public.gathering, name="gathering"),
    path("gatherings/<slug:slug>/calendar.ics", public.gathering_ics, name="gathering_ics"),
    path("sign-ups/<str:token>/", public.sign_up, name="sign_up"),
    path("sign-ups/<str:token>/change/", public.change_sign_up, name="change_sign_up"),
    path("sign-ups/<str:token>/withdraw/", public.withdraw_sign_up, name="withdraw_sign_up"),
    path("cooperation/<str:token>/", public.cooperation, name="cooperation"),
    path("cooperation/<str:token>/accept/", public.accept_cooperation, name="accept_cooperation"),
    path(
        "cooperation/<str:token>/decline/", public.decline_cooperation, name="decline_cooperation"
    ),
    path("organisations/<slug:slug>/", include(of_organisation)),
]
