"""The addresses of the room `me`."""

from django.urls import path

from invest.me import views

urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/name/show/", views.show_name, name="show_name"),
    path("me/name/hide/", views.hide_name, name="hide_name"),
    path("me/export/", views.my_export, name="my_export"),
    path("me/contact/", views.my_contact, name="my_contact"),
    path("me/forget/", views.forget_me, name="forget_me"),
    path("me/<slug:vehicle>/exit/", views.ask_exit, name="ask_exit"),
]
