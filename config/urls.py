"""The site's addresses: ours, and those of the libraries that bring pages."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from config import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("language/", set_language, name="set_language"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("reports.urls")),
    path("", include("invest.urls")),
]

if settings.DEMO:
    from config import demo

    urlpatterns += [
        path("demo/", demo.door, name="demo"),
        path("demo/<slug:slug>/bank.xml", demo.bank_file, name="demo_bank_file"),
    ]
