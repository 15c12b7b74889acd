"""Addresses of the reports."""

from django.urls import include, path

from reports import api
from reports.views import crawlers, embed, fair, feeds

urlpatterns = [
    path("fairs/<slug:slug>/report/", fair.fair_report, name="fair_report"),
    path("api/v1/", include(api.urls, namespace="v1")),
    path("embed/projects/<slug:slug>/", embed.embed_project, name="embed_project"),
    path("oembed", embed.oembed, name="oembed"),
    path("feed/", feeds.feed, name="feed"),
    path("projects/<slug:slug>/feed/", feeds.project_feed, name="project_feed"),
    path("deadlines.ics", feeds.deadlines, name="deadlines"),
    path("projects/<slug:slug>/deadlines.ics", feeds.project_deadlines, name="project_deadlines"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", crawlers.sitemap, name="sitemap"),
]
