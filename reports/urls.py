"""Addresses of the reports."""

from django.urls import path

from reports.views import community, fair, loop

urlpatterns = [
    path("community/", community.community, name="community"),
    path("fairs/<slug:slug>/report/", fair.fair_report, name="fair_report"),
    path("fairs/<slug:slug>/report/loop/", loop.report_loop, name="report_loop"),
]
