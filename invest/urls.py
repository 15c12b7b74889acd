"""Addresses of the promises: public pages, a saver's own, and the desks."""

from django.urls import path

from invest.views import (
    bank,
    calculator,
    distributions,
    limits,
    me,
    offers,
    plans,
    pledges_desk,
    promises,
    public,
    vehicles,
)

urlpatterns = [
    path("", public.home, name="home"),
    path("projects/", public.project_list, name="project_list"),
    path("projects/<slug:slug>/", public.project, name="project"),
    path("projects/<slug:slug>/raised/", public.raised, name="raised"),
    path("projects/<slug:slug>/pledge/", promises.pledge, name="pledge"),
    path("pledges/<str:token>/", promises.receipt, name="receipt"),
    path("pledges/<str:token>/withdraw/", promises.withdraw, name="withdraw"),
    path("organisations/", public.organisation_list, name="organisation_list"),
    path("organisations/<slug:slug>/", public.organisation, name="organisation"),
    path("fairs/", public.fair_list, name="fair_list"),
    path("fairs/<slug:slug>/", public.fair, name="fair"),
    path("calculator/", calculator.calculator, name="calculator"),
    path("me/", me.me, name="me"),
    path("me/name/", me.show_name, name="show_name"),
    path("me/<slug:vehicle>/", vehicles.holding, name="holding"),
    path("me/<slug:vehicle>/<slug:sheet>/", vehicles.holding_sheet, name="holding_sheet"),
    path("organisations/<slug:slug>/bank/", bank.bank, name="bank"),
    path("organisations/<slug:slug>/bank/<int:line>/", bank.match, name="match"),
    path("organisations/<slug:slug>/bank/undo/<int:match>/", bank.unmatch, name="unmatch"),
    path("organisations/<slug:slug>/pledges/", pledges_desk.pledges_desk, name="pledges_desk"),
    path("organisations/<slug:slug>/offers/", offers.offers, name="offers"),
    path("organisations/<slug:slug>/offers/new/<slug:kind>/", offers.new, name="new_offer"),
    path("organisations/<slug:slug>/offers/<int:pk>/goal/", offers.goal, name="revise_goal"),
    path("organisations/<slug:slug>/offers/<int:pk>/allot/", offers.allot, name="allot"),
    path("organisations/<slug:slug>/limits/", limits.limits, name="limits"),
    path("organisations/<slug:slug>/registers/", vehicles.registers, name="registers"),
    path("organisations/<slug:slug>/registers/<slug:vehicle>/", vehicles.vehicle, name="vehicle"),
    path("organisations/<slug:slug>/registers/<slug:vehicle>/plan/", plans.plan, name="plan"),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/do/<slug:act>/",
        vehicles.act,
        name="act",
    ),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/deeds/<int:pk>/",
        vehicles.deed,
        name="deed",
    ),
    path("organisations/<slug:slug>/registers/<slug:vehicle>/terms/", vehicles.terms, name="terms"),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/terms/<int:version>/",
        vehicles.letter,
        name="letter",
    ),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/sheets/<slug:sheet>/",
        vehicles.sheet,
        name="sheet",
    ),
    path(
        "organisations/<slug:slug>/distributions/",
        distributions.distributions,
        name="distributions",
    ),
    path(
        "organisations/<slug:slug>/distributions/<int:pk>/",
        distributions.distribution,
        name="distribution",
    ),
]
