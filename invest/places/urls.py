"""The addresses of the room `places`."""

from django.urls import path

from invest.places.views import desk, directory, public

urlpatterns = [
    path("places/", public.place_list, name="place_list"),
    path("places/<slug:slug>/", public.place, name="place"),
    path("places/<slug:slug>/path/", public.path, name="path"),
    path("places/<slug:slug>/shops/", directory.shops, name="shops"),
    path("listings/<str:signed>/", directory.listing, name="listing"),
    path("places/<slug:slug>/shops.csv", directory.shops_csv, name="shops_csv"),
    path("places/<slug:slug>/shops.pdf", directory.shops_pdf, name="shops_pdf"),
    path("places/<slug:slug>/add/", public.add_card, name="add_card"),
    path("places/<slug:slug>/cards.csv", public.place_csv, name="place_csv"),
    path("asset-cards/agree/<str:signed>/", public.agree_contact, name="agree_contact"),
    path("asset-cards/<str:token>/", public.asset_card, name="asset_card"),
    path("organisations/<slug:slug>/places/", desk.places_desk, name="places_desk"),
    path(
        "organisations/<slug:slug>/places/<slug:place>/",
        desk.place_desk,
        name="place_desk",
    ),
    path(
        "organisations/<slug:slug>/places/<slug:place>/shops/",
        directory.shops_desk,
        name="shops_desk",
    ),
    path(
        "organisations/<slug:slug>/places/<slug:place>/shops/<int:pk>/",
        directory.shop_desk,
        name="shop_desk",
    ),
]
