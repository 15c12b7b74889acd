"""The app of promises."""

from django.apps import AppConfig


class InvestConfig(AppConfig):
    """People, projects, vehicles, pledges, fairs."""

    name = "invest"
    verbose_name = "Invest"

    def ready(self) -> None:
        """The record of what happened to promises is kept for ever, like the book; its words are
        erased or kept, never changed.
        """
        from pools import guards  # noqa: PLC0415 -- needs the apps loaded

        guards.keep_for_ever(
            "invest_pledgeevent",
            "invest_stageevent",
            "invest_goalrevision",
            "invest_vehicleterms",
            "invest_deed",
            "invest_deedevent",
            "invest_gate",
            "invest_inkindevent",
            "invest_voucheruse",
            "invest_stageanswer",
            "invest_assessment",
        )
        guards.erase_only("invest_eventtext")
