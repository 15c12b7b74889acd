"""The addresses of the room `vehicles`."""

from django.urls import path

from invest.vehicles.views import holders, offers, registers

urlpatterns = [
    path("me/<slug:vehicle>/", registers.holding, name="holding"),
    path("me/<slug:vehicle>/certificate/", holders.my_certificate, name="my_certificate"),
    path("me/<slug:vehicle>/<slug:sheet>/", registers.holding_sheet, name="holding_sheet"),
    path("organisations/<slug:slug>/offers/", offers.offers, name="offers"),
    path("organisations/<slug:slug>/offers/new/<slug:kind>/", offers.new, name="new_offer"),
    path("organisations/<slug:slug>/offers/<int:pk>/goal/", offers.goal, name="revise_goal"),
    path("organisations/<slug:slug>/registers/", registers.vehicles, name="registers"),
    path("organisations/<slug:slug>/registers/<slug:vehicle>/", registers.vehicle, name="vehicle"),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/do/<slug:act>/",
        registers.act,
        name="act",
    ),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/actions/<int:pk>/approve/",
        registers.approve,
        name="approve_action",
    ),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/actions/<int:pk>/refuse/",
        registers.refuse,
        name="refuse_action",
    ),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/actions/<int:pk>/undo/",
        registers.undo,
        name="undo_action",
    ),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/holders/<int:number>/",
        holders.holder,
        name="holder",
    ),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/holders/<int:number>/certificate/",
        holders.certificate,
        name="certificate",
    ),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/terms/", registers.terms, name="terms"
    ),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/terms/<int:version>/",
        registers.letter,
        name="letter",
    ),
    path(
        "organisations/<slug:slug>/registers/<slug:vehicle>/sheets/<slug:sheet>/",
        registers.sheet,
        name="sheet",
    ),
]
