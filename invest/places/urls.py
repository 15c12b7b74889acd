"""The addresses of the room `places`: its pages, and under each what is done there."""

from django.urls import include, path

from invest.places.views import desk, directory, public

at_desk = [
    path("", desk.place_desk, name="place_desk"),
    path("correct/", desk.correct_place, name="correct_place"),
    path("cards/preview/", desk.preview_cards, name="preview_cards"),
    path("cards/enter/", desk.enter_cards, name="enter_cards"),
    path("cards/<int:pk>/remove/", desk.remove_card, name="remove_card"),
    path("shops/", directory.listings_desk, name="listings_desk"),
    path("shops/<int:pk>/", directory.listing_desk, name="listing_desk"),
    path("shops/<int:pk>/correct/", directory.correct_listing, name="correct_listing"),
    path("shops/<int:pk>/end/", directory.end_listing, name="end_listing"),
    path("shops/<int:pk>/mail/", directory.mail_listing, name="mail_listing"),
]
urlpatterns = [
    path("places/", public.place_list, name="place_list"),
    path("places/<slug:slug>/", public.place, name="place"),
    path("places/<slug:slug>/path/", public.path, name="path"),
    path("places/<slug:slug>/shops/", directory.listings, name="listings"),
    path("listings/<str:signed>/", directory.listing_by_link, name="listing_by_link"),
    path(
        "listings/<str:signed>/correct/",
        directory.correct_listing_by_link,
        name="correct_listing_by_link",
    ),
    path("listings/<str:signed>/end/", directory.end_listing_by_link, name="end_listing_by_link"),
    path("places/<slug:slug>/shops.csv", directory.listings_csv, name="listings_csv"),
    path("places/<slug:slug>/shops.pdf", directory.listings_pdf, name="listings_pdf"),
    path("places/<slug:slug>/add/", public.add_card, name="add_card"),
    path("places/<slug:slug>/cards.csv", public.place_csv, name="place_csv"),
    path("asset-cards/agree/<str:signed>/", public.agree_contact, name="agree_contact"),
    path("asset-cards/agree/<str:signed>/show/", public.show_contact, name="show_contact"),
    path("asset-cards/agree/<str:signed>/refuse/", public.refuse_contact, name="refuse_contact"),
    path(
        "asset-cards/agree/<str:signed>/ask-anew/",
        public.ask_contact_anew,
        name="ask_contact_anew",
    ),
    path("asset-cards/<str:token>/", public.asset_card, name="asset_card"),
    path("asset-cards/<str:token>/promise/", public.promise_card, name="promise_card"),
    path("asset-cards/<str:token>/take-away/", public.take_card_away, name="take_card_away"),
    path("organisations/<slug:slug>/places/", desk.places_desk, name="places_desk"),
    path("organisations/<slug:slug>/places/<slug:place>/", include(at_desk)),
]
