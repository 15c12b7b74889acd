"""Migrate, play the story of Björkdalen, and (with --serve) show it."""

import os
import subprocess
import sys
import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from invest import scenario
from invest.models import Organisation
from reports import story

LOGINS = """
  Log in as somebody of the valley at {address}/demo/
  (ada saves, bo owns a project, dee is treasurer, eva approves, olle organises, axel audits).
"""


class Command(BaseCommand):
    """`manage.py demo [--scale N] [--serve] [--port 8000] [--today YYYY-MM-DD]`."""

    help = "Load the demo story; with --serve, show it in a browser."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much, when, and whether to serve."""
        parser.add_argument("--scale", type=int, default=1, help="tell the valley so many times")
        parser.add_argument("--today", type=date.fromisoformat, help="the day the story ends")
        parser.add_argument("--serve", action="store_true")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, play if empty, serve if asked."""
        if not settings.DEMO:
            raise CommandError("DEMO is False: this is no place for a made-up valley.")
        if options["scale"] < 1:
            raise CommandError("--scale must be 1 or more.")
        call_command("migrate", verbosity=0)
        if Organisation.objects.exists():
            self.stdout.write("The database already tells a story; it is left as it is.")
        else:
            started = time.monotonic()
            told = scenario.play(
                today=options["today"] or timezone.localdate(),
                scale=options["scale"],
                more=[story.publications],
            )
            took = time.monotonic() - started
            self.stdout.write(
                f"Played {told.projects} projects, {told.savers} savers, {told.pledges} pledges "
                f"and {told.lines} bank lines in {took:.1f} s."
            )
        if options["serve"]:
            self._serve(options["port"])

    def _serve(self, port: int) -> None:
        """Hand over to granian. SQLite takes one writer, so one worker with several threads."""
        workers = "1" if connection.vendor == "sqlite" else "2"
        connection.close()
        address = f"http://localhost:{port}"
        self.stdout.write(f"\n  Byakassan: {address}{LOGINS.format(address=address)}")
        self.stdout.flush()
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "config.wsgi:application",
        ]
        command += ["--host", "127.0.0.1", "--port", str(port), "--workers", workers]
        command += ["--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
        raise SystemExit(subprocess.call(command, env=environment))  # noqa: S603 -- our own words
