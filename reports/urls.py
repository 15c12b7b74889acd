"""Addresses of the reports."""

from django.urls import include, path

from reports import api
from reports.views import (
    assessment,
    community,
    crawlers,
    embed,
    fair,
    feeds,
    loop,
    packs,
    publication_desk,
    publications,
    verify,
)

ORGANISATION = "organisations/<slug:slug>/publications"
PUBLICATION = "publications/<int:pk>"

urlpatterns = [
    path("community/", community.community, name="community"),
    path("projects/<slug:slug>/assessment/", assessment.assessment, name="assessment"),
    path("fairs/<slug:slug>/report/", fair.fair_report, name="fair_report"),
    path("fairs/<slug:slug>/report/<slug:chart>.csv", fair.fair_chart_csv, name="fair_chart_csv"),
    path("fairs/<slug:slug>/report/loop/", loop.report_loop, name="report_loop"),
    path(f"{PUBLICATION}/", publications.publication, name="publication"),
    path(f"{PUBLICATION}/signed.json", publications.signed, name="publication_signed"),
    path(f"{PUBLICATION}/paper.pdf", publications.paper, name="publication_paper"),
    path(f"{PUBLICATION}/picture.png", publications.picture, name="publication_picture"),
    path("verify/", verify.verify, name="verify"),
    path(f"{ORGANISATION}/", publication_desk.publications, name="publications"),
    path(f"{ORGANISATION}/new/", publication_desk.new, name="new_publication"),
    path(f"{ORGANISATION}/new/preview/", publication_desk.preview, name="preview_publication"),
    path(f"{ORGANISATION}/new/draft/", publication_desk.draft, name="draft_publication"),
    path(f"{ORGANISATION}/<int:pk>/", publication_desk.one, name="publication_at_desk"),
    path(f"{ORGANISATION}/<int:pk>/revise/", publication_desk.revise, name="revise_publication"),
    path(
        f"{ORGANISATION}/<int:pk>/revise/preview/",
        publication_desk.preview_revision,
        name="preview_revision",
    ),
    path(
        f"{ORGANISATION}/<int:pk>/revise/draft/",
        publication_desk.draft_revision,
        name="draft_revision",
    ),
    path(
        f"{ORGANISATION}/<int:pk>/<int:revision>/approve/",
        publication_desk.approve,
        name="approve_publication",
    ),
    path(
        f"{ORGANISATION}/<int:pk>/<int:revision>/discard/",
        publication_desk.discard,
        name="discard_publication",
    ),
    path("api/v1/", include(api.urls, namespace="v1")),
    path("embed/projects/<slug:slug>/", embed.embed_project, name="embed_project"),
    path("oembed", embed.oembed, name="oembed"),
    path("feed/", feeds.feed, name="feed"),
    path("feed/gatherings/", feeds.gatherings_feed, name="gatherings_feed"),
    path("projects/<slug:slug>/feed/", feeds.project_feed, name="project_feed"),
    path("deadlines.ics", feeds.deadlines, name="deadlines"),
    path("projects/<slug:slug>/deadlines.ics", feeds.project_deadlines, name="project_deadlines"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", crawlers.sitemap, name="sitemap"),
    path("fairs/<slug:slug>/report/pack/", packs.packs, name="packs"),
    path("fairs/<slug:slug>/report/pack/words/", packs.decide, name="decide_report"),
    path("fairs/<slug:slug>/report/pack/make/", packs.make, name="make_pack"),
    path("fairs/<slug:slug>/report/pack/<int:pk>/", packs.pack, name="pack"),
    path("fairs/<slug:slug>/report/pack/<int:pk>/zip/", packs.pack_zip, name="pack_zip"),
]
