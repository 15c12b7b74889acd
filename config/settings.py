"""One file of settings, read from the environment. Unset, it is a safe local demo on SQLite.

Misconfiguration is reported by the checks in `config/checks.py`, not by a fallback here.
"""

import os
import re
import sqlite3
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def env_flag(name: str, *, default: bool) -> bool:
    """Read a yes/no setting; anything but True or False is refused loudly."""
    value = os.environ.get(name, str(default))
    if value not in {"True", "False"}:
        raise ValueError(f"{name} must be True or False, not {value!r}")
    return value == "True"


def env_list(name: str, default: str) -> list[str]:
    """Read a comma-separated setting."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


# The newest numbered heading of the changelog is the version.
_released = re.search(
    r"^## (\d[\w.]*)", (BASE_DIR / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
)
VERSION = _released[1] if _released else ""

# --- What this installation is -----------------------------------------------------------------

DEBUG = env_flag("DEBUG", default=False)
DEMO = env_flag("DEMO", default=True)
SECRET_KEY = os.environ.get(
    "SECRET_KEY", "the-demo-key-is-public-and-protects-nothing-at-all-so-set-yours"
)
# Encrypts personal identity numbers: it must outlive SECRET_KEY, or they cannot be read again.
IDENTITY_KEY = os.environ.get("IDENTITY_KEY", SECRET_KEY)
# Signs what is published: 32 bytes in hexadecimal. A demo derives one from SECRET_KEY. Public keys
# that signed before this one stay ours when they stand in SIGNING_KEYS_RETIRED.
SIGNING_KEY = os.environ.get("SIGNING_KEY", "")
SIGNING_KEYS_RETIRED = env_list("SIGNING_KEYS_RETIRED", "")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", "")
SITE_NAME = "Byakassan"
SOURCE_URL = os.environ.get("SOURCE_URL", "")  # Where visitors find the code, as the AGPL asks.
PUBLIC_URL = os.environ.get("PUBLIC_URL", "http://localhost:8000")

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "pools",
    "invest",
    "reports",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "djmoney",
    "django_tables2",
    "django_filters",
    "django_htmx",
    "django.forms",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
        },
    },
]

# --- The book's database -----------------------------------------------------------------------

# SQLite before 3.51.3 can lose commits in WAL mode (its WAL-reset race), so older ones keep a
# rollback journal with EXTRA; `config/checks.py` reads the settings back and refuses to start on
# anything weaker.
SQLITE_HAS_SAFE_WAL = sqlite3.sqlite_version_info >= (3, 51, 3)

DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}", conn_health_checks=True
    )
}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    _journal = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        if SQLITE_HAS_SAFE_WAL
        else "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA;"
    )
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": f"{_journal} PRAGMA foreign_keys=ON; PRAGMA cache_size=-20000;",
    }
    # A file, not memory: the live-server tests write from several threads. One a run: two runs
    # side by side must not empty each other.
    _database["TEST"] = {"NAME": str(BASE_DIR / f".test-{os.getpid()}.sqlite3")}
else:
    _database["CONN_MAX_AGE"] = 0  # The pool keeps the connections.
    _database["OPTIONS"] = {
        "pool": {"min_size": 2, "max_size": 8, "timeout": 10},
        "options": (
            "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
        ),
    }

# The role the web process logs in as on PostgreSQL. The guards grant it the book to read and to
# add to, never to change. Empty where one role does all (a developer's machine).
BOOK_APP_ROLE = os.environ.get("BOOK_APP_ROLE", "")
BOOK_REPORTS_ROLE = os.environ.get("BOOK_REPORTS_ROLE", "")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Language, place, money --------------------------------------------------------------------

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = "Europe/Stockholm"
USE_I18N = True
USE_TZ = True

DEFAULT_CURRENCY = "SEK"
CURRENCIES = ("SEK", "EUR")
# Pinned as code-code pairs: names come from Babel and would make phantom migrations.
CURRENCY_CHOICES = [(code, code) for code in CURRENCIES]

# --- People -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "invest.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "me"
ACCOUNT_ADAPTER = "allauth.account.adapter.DefaultAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Byakassan: "
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_FORMS = {
    "add_webauthn": "config.accounts.AddKeyForm",
    "edit_webauthn": "config.accounts.EditKeyForm",
}
# Browsers allow passkeys over plain http on localhost only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO

# --- Jobs ---------------------------------------------------------------------------------------

# A demo and the tests do at once what `manage.py due` brings; elsewhere the worker does it.
TASKS = {
    "default": {
        "BACKEND": (
            "django_tasks.backends.immediate.ImmediateBackend"
            if DEMO
            else "django_tasks_db.DatabaseBackend"
        )
    }
}

# --- Letters ------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Byakassan <kassan@localhost>")
CONTACT_EMAIL = os.environ.get("CONTACT_EMAIL", "")
EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env_flag("EMAIL_USE_TLS", default=False)

# --- The browser --------------------------------------------------------------------------------

# The one hash is that of the empty string: plotly adds an empty <style> and fills it by rule.
_EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "style-src": [SELF, _EMPTY_STYLE],
        "img-src": [SELF, "data:", "blob:"],  # blob: a chart taken along as PNG.
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "publickey-credentials-create": ["self"],
    "publickey-credentials-get": ["self"],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

# A demo is served over plain http on this machine; everything else over https.
SECURE_SSL_REDIRECT = not DEMO
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEMO
SECURE_HSTS_PRELOAD = not DEMO
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if not DEMO else None
SESSION_COOKIE_SECURE = not DEMO
CSRF_COOKIE_SECURE = not DEMO
SESSION_COOKIE_NAME = "sessionid" if DEMO else "__Host-sessionid"
CSRF_COOKIE_NAME = "csrftoken" if DEMO else "__Host-csrftoken"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

# What people and banks send in is kept here, beside the database; back it up after the database.
DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR / "data")

STATIC_URL = "static/"
# A demo serves straight from the source folders: nothing to collect, nothing stale.
STATIC_ROOT = None if DEMO else BASE_DIR / "static"
WHITENOISE_USE_FINDERS = DEMO
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEMO
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20

FORM_RENDERER = "invest.web.fields.Renderer"
DJANGO_TABLES2_TEMPLATE = "django_tables2/bootstrap5-responsive.html"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
