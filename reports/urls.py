"""Addresses of the reports."""

from django.urls import path

from reports import views

urlpatterns = [
    path("fairs/<slug:slug>/report/", views.fair_report, name="fair_report"),
]
