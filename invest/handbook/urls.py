"""The addresses of the room `handbook`."""

from django.urls import path

from invest.handbook import views

urlpatterns = [
    path("calculator/", views.calculator, name="calculator"),
    path("choose/", views.choose, name="choose"),
    path("handbook/", views.handbook, name="handbook"),
    path("handbook/handbook.pdf", views.handbook_pdf, name="handbook_pdf"),
    path("handbook/<slug:slug>/", views.chapter, name="handbook_chapter"),
]
