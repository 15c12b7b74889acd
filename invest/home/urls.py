"""The addresses of the room `home`."""

from django.urls import path

from invest.home import views

urlpatterns = [
    path("", views.home, name="home"),
]
