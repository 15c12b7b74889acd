"""The addresses of the room `fairs`."""

from django.urls import path

from invest.fairs.views import after, board, desk, outcomes, paper_pledges, papers, public

urlpatterns = [
    path("sw.js", board.service_worker, name="service_worker"),
    path("fairs/<slug:slug>/board/", board.board, name="board"),
    path("fairs/<slug:slug>/board/now/", board.now, name="board_now"),
    path("fairs/<slug:slug>/board/moderate/", board.moderate, name="board_moderate"),
    path("pledges/confirm/<str:signed>/", after.confirm_by_link, name="confirm_by_link"),
    path("fairs/", public.fair_list, name="fair_list"),
    path("fairs/<slug:slug>/", public.fair, name="fair"),
    path("fairs/<slug:slug>/cards/", paper_pledges.cards, name="cards"),
    path("fairs/<slug:slug>/after/", after.fair_after, name="fair_after"),
    path("fairs/<slug:slug>/follow-ups/", after.follow_ups, name="follow_ups"),
    path("fairs/<slug:slug>/became/", outcomes.became, name="became"),
    path("fairs/<slug:slug>/calendar.ics", papers.fair_ics, name="fair_ics"),
    path("fairs/<slug:slug>/desk/", desk.fair_desk, name="fair_desk"),
    path("fairs/<slug:slug>/papers/cards/", papers.card_sheet, name="card_sheet"),
    path("fairs/<slug:slug>/papers/<slug:code>/poster/", papers.poster, name="poster"),
    path("fairs/<slug:slug>/papers/<slug:code>/card/", papers.stand_card, name="stand_card"),
    path("invitations/<slug:code>/", desk.invitation, name="invitation"),
    path("k/<slug:code>/", desk.short_code, name="short_code"),
]
