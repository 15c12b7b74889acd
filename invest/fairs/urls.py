"""The addresses of the room `fairs`: its pages, and under each what is done there."""

from django.urls import include, path

from invest.fairs.views import after, board, desk, outcomes, paper_pledges, papers, public

on_the_board = [
    path("", board.moderate, name="board_moderate"),
    path("<slug:what>/<int:pk>/hold/", board.hold, name="hold_on_board"),
    path("<slug:what>/<int:pk>/show/", board.show, name="show_on_board"),
]
of_cards = [
    path("", paper_pledges.cards, name="cards"),
    path("open/", paper_pledges.open_batch, name="open_batch"),
    path("<int:number>/enter/", paper_pledges.enter_card, name="enter_card"),
    path("<int:number>/close/", paper_pledges.close_batch, name="close_batch"),
    path("<int:number>/<int:pk>/correct/", paper_pledges.correct_card, name="correct_card"),
    path("<int:number>/<int:pk>/withdraw/", paper_pledges.withdraw_card, name="withdraw_card"),
]
afterwards = [
    path("after/", after.fair_after, name="fair_after"),
    path("after/ask/", after.ask_all, name="ask_all"),
    path("after/<slug:code>/confirm/", after.confirm_promise, name="confirm_promise"),
    path("after/<slug:code>/change/", after.change_promise, name="change_promise"),
    path("after/<slug:code>/decline/", after.decline_promise, name="decline_promise"),
    path("follow-ups/", after.follow_ups, name="follow_ups"),
    path("follow-ups/plan/", after.plan_follow_ups, name="plan_follow_ups"),
    path("follow-ups/<int:pk>/answer/", after.answer_follow_up, name="answer_follow_up"),
]
at_desk = [
    path("", desk.fair_desk, name="fair_desk"),
    path("pitches/invite/", desk.invite_pitch, name="invite_pitch"),
    path("pitches/<int:pk>/take-back/", desk.take_back_pitch, name="take_back_pitch"),
    path("pitches/<int:pk>/up/", desk.move_pitch_up, name="move_pitch_up"),
    path("pitches/<int:pk>/down/", desk.move_pitch_down, name="move_pitch_down"),
    path("tasks/add/", desk.add_task, name="add_task"),
    path("tasks/add-usual/", desk.add_usual_tasks, name="add_usual_tasks"),
    path("tasks/<int:pk>/tick/", desk.tick_task, name="tick_task"),
    path("tasks/<int:pk>/untick/", desk.untick_task, name="untick_task"),
]
urlpatterns = [
    path("sw.js", board.service_worker, name="service_worker"),
    path("fairs/<slug:slug>/board/", board.board, name="board"),
    path("fairs/<slug:slug>/board/now/", board.now, name="board_now"),
    path("fairs/<slug:slug>/board/moderate/", include(on_the_board)),
    path("pledges/confirm/<str:signed>/", after.confirm_by_link, name="confirm_by_link"),
    path("fairs/", public.fair_list, name="fair_list"),
    path("fairs/<slug:slug>/", public.fair, name="fair"),
    path("fairs/<slug:slug>/cards/", include(of_cards)),
    path("fairs/<slug:slug>/", include(afterwards)),
    path("fairs/<slug:slug>/became/", outcomes.outcomes, name="outcomes"),
    path("fairs/<slug:slug>/calendar.ics", papers.fair_ics, name="fair_ics"),
    path("fairs/<slug:slug>/desk/", include(at_desk)),
    path("fairs/<slug:slug>/papers/cards/", papers.card_sheet, name="card_sheet"),
    path("fairs/<slug:slug>/papers/<slug:code>/poster/", papers.poster, name="poster"),
    path("fairs/<slug:slug>/papers/<slug:code>/card/", papers.stand_card, name="stand_card"),
    path("invitations/<slug:code>/", desk.invitation, name="invitation"),
    path("invitations/<slug:code>/accept/", desk.accept_invitation, name="accept_invitation"),
    path("invitations/<slug:code>/decline/", desk.decline_invitation, name="decline_invitation"),
    path("k/<slug:code>/", desk.short_code, name="short_code"),
]
