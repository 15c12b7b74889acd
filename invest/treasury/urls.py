"""The addresses of the room `treasury`."""

from django.urls import path

from invest.treasury import views

urlpatterns = [
    path("organisations/<slug:slug>/bank/", views.bank, name="bank"),
    path("organisations/<slug:slug>/bank/<int:part>/", views.place, name="place"),
    path("organisations/<slug:slug>/bank/undo/<int:placement>/", views.undo, name="undo-placement"),
]
