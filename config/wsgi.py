"""The door for the web server. It refuses to open when a guard of the book is missing."""

import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
call_command("check", databases=["default"], fail_level="WARNING")
