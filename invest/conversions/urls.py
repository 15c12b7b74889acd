"""The addresses of the room `conversions`."""

from django.urls import path

from invest.conversions import views

urlpatterns = [
    path("join/<str:token>/", views.join, name="join"),
    path("join/<str:token>/yes/", views.say_yes, name="join_yes"),
    path("join/<str:token>/no/", views.say_no, name="join_no"),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/become/",
        views.become,
        name="conversion",
    ),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/become/<slug:kind>/",
        views.open_it,
        name="conversion_kind",
    ),
]
