"""Hooks the guards of the book to migrations and to new connections."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class PoolsConfig(AppConfig):
    """Money: ledgers, accounts, entries, transfers, bank files."""

    name = "pools"
    verbose_name = "Pools"

    def ready(self) -> None:
        """Connect the guards: lifted while tables are rebuilt, put back after, checked at start."""
        from pools import guards  # noqa: PLC0415 -- needs the apps loaded

        pre_migrate.connect(guards.lift_before_migrate, sender=self)
        post_migrate.connect(guards.stand_after_migrate, sender=self)
        connection_created.connect(guards.watch_new_connection)
        register(guards.the_guards_stand, Tags.database)
