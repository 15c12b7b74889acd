"""Addresses of the reports."""

from django.urls import path

from reports.views import fair

urlpatterns = [
    path("fairs/<slug:slug>/report/", fair.fair_report, name="fair_report"),
]
