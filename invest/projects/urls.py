"""The addresses of the room `projects`."""

from django.urls import path

from invest.projects import desk, public

urlpatterns = [
    path("projects/", public.project_list, name="project_list"),
    path("projects/<slug:slug>/", public.project, name="project"),
    path("projects/<slug:slug>/raised/", public.raised, name="raised"),
    path("projects/<slug:slug>/way/", desk.stage_desk, name="stage_desk"),
    path("projects/<slug:slug>/way/answer/", desk.answer, name="answer_gate"),
    path("projects/<slug:slug>/way/move/", desk.move, name="move_project"),
    path("projects/<slug:slug>/way/assess/", desk.assess, name="assess"),
]
