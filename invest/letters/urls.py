"""The addresses of the room `letters`."""

from django.urls import path

from invest.letters import views

urlpatterns = [
    path("organisations/<slug:slug>/letters/", views.letters, name="letters"),
]
