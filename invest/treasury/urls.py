"""The addresses of the room `treasury`."""

from django.urls import path

from invest.treasury import views

urlpatterns = [
    path("organisations/<slug:slug>/bank/", views.bank, name="bank"),
    path("organisations/<slug:slug>/bank/<int:line>/", views.match, name="match"),
    path("organisations/<slug:slug>/bank/undo/<int:match>/", views.unmatch, name="unmatch"),
]
