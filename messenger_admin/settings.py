"""Settings in sections; each value comes from the environment and fails loudly when it is bad.

Two ways to run (`ENVIRONMENT`): `local`, the default, needs nothing: SQLite, an embedded broker, the sandbox
gateway and keys made on first use, all under `DATA_DIR`. `production` refuses to start without its secrets.
"""

from pathlib import Path
from urllib.parse import quote

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from messenger_admin import keys
from messenger_admin.content_policy import CONTENT_SECURITY_POLICY  # noqa: F401  (a setting)
from messenger_admin.databases import SQLITE, database
from messenger_admin.environment import Environment
from messenger_admin.retention_settings import retention

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()
env.read_env(env.text("ENV_FILE", default=str(BASE_DIR / ".env")), overwrite=False)

# --- Where we run -------------------------------------------------------------------------------------------

ENVIRONMENT = env.one_of("ENVIRONMENT", ["local", "production"], default="local")
PRODUCTION = ENVIRONMENT == "production"
if PRODUCTION:
    env.require("SECRET_KEY", "TOKEN_KEYS", "ALLOWED_HOSTS", "DATABASE_URL", "CELERY_BROKER_URL")
DEBUG = env.flag("DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG shows secrets to strangers; production refuses to start with it.")

DATA_DIR = Path(env.text("DATA_DIR", default=str(BASE_DIR / "data"))).resolve()
PORT = env.whole("PORT", default=8000, most=65_534)

# --- Secrets ------------------------------------------------------------------------------------------------

SECRET_KEY = env.text("SECRET_KEY", default="") or keys.secret(DATA_DIR)
# Fernet keys for the tokens at rest, newest first: the first encrypts, all decrypt.
TOKEN_KEYS = env.fernet_keys("TOKEN_KEYS", default=[]) or [keys.fernet(DATA_DIR)]
# Recognises who was erased. It has to outlive SECRET_KEY, which may be changed at any time.
SUPPRESSION_KEY = env.text("SUPPRESSION_KEY", default="") or SECRET_KEY

# --- HTTP ---------------------------------------------------------------------------------------------------

ALLOWED_HOSTS = env.items("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.items("CSRF_TRUSTED_ORIGINS", default=[])
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=PRODUCTION)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = env.whole(
    "SECURE_HSTS_SECONDS", default=31_536_000 if PRODUCTION else 0, least=0, most=94_608_000
)
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = True
# A receipt of 100 lines is composed in one form, with nine fields for each line.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- Applications -------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "messenger_admin",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "messenger_admin.admin.apps.MessengerAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "ninja",  # the static files of its documentation alone
    "pages",
    "optins",
    "notifications",
]

MIDDLEWARE = [
    "pages.webhooks.edge.WebhookEdge",
    "optins.views.edge.TagEdge",
    "notifications.api.edge.ApiEdge",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "messenger_admin.urls"
WSGI_APPLICATION = "messenger_admin.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- Database and broker ------------------------------------------------------------------------------------

DATABASE_URL = env.text("DATABASE_URL", default=f"sqlite:///{quote(str(DATA_DIR / 'messenger_admin.sqlite3'))}")
DATABASES = {"default": database(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == SQLITE:
    # A file in tests too: connections of several threads and processes meet in it as they do in earnest.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

CELERY_BROKER_URL = env.broker_url(
    "CELERY_BROKER_URL", default=f"embedded:///{quote(str(DATA_DIR / 'broker.sqlite3'))}"
)
# Several installations may share a broker; each has its own queue.
CELERY_QUEUE = env.text("CELERY_QUEUE", default="messenger_admin")
CALLBACK_QUEUE = f"{CELERY_QUEUE}.callbacks"

# --- People, language and time ------------------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "home"
LANGUAGE_CODE = env.one_of("LANGUAGE_CODE", ["en", "fr"], default="en")
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "messenger_admin.formats"
USE_TZ = True
TIME_ZONE = env.text("TIME_ZONE", default="Europe/Paris")

# --- E-mail -------------------------------------------------------------------------------------------------

# Administrators are told when a page stops. Without a server the letters lie in a folder.
vars().update(env.email(env.text("EMAIL_URL", default=""), folder=DATA_DIR / "mail"))
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", default="messenger-admin@localhost")
EMAIL_TIMEOUT = env.seconds("EMAIL_TIMEOUT", default=10.0)

# --- Static files -------------------------------------------------------------------------------------------

STATIC_URL = "static/"
# Filled by collectstatic; outside production the files are served from where they are.
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
STATICFILES_DIRS: list[Path] = []
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Sending ------------------------------------------------------------------------------------------------

# The guide's host: https://api.iadvize.com/social/facebook/messenger/pages/{page_id}/customers/{customer_id}/messages
IADVIZE_BASE_URL = env.http_url("IADVIZE_BASE_URL", default="https://api.iadvize.com")
CONNECT_TIMEOUT = env.seconds("CONNECT_TIMEOUT", default=5.0)
TOTAL_TIMEOUT = env.seconds("TOTAL_TIMEOUT", default=20.0)  # from the first byte of DNS to the last of the answer
CA_FILE = env.str("CA_FILE", default="")  # certificate authorities (PEM) instead of the public ones
MAX_IN_FLIGHT = env.whole("MAX_IN_FLIGHT", default=64, most=1024)  # requests at once per page
BATCH_SIZE = env.whole("BATCH_SIZE", default=100, most=500)  # rows marked at once: what a crash can leave in doubt
PACE_LIMIT = env.flag("PACE_LIMIT", default=True)  # false lifts every page's messages per second: for benchmarks
PUMP_SLICE = env.seconds("PUMP_SLICE", default=3.0)  # a pump works so long before it hands on
LEASE_SECONDS = env.seconds("LEASE_SECONDS", default=30.0)
SWEEP_SECONDS = env.seconds("SWEEP_SECONDS", default=5.0)
LATE_SECONDS = env.seconds("LATE_SECONDS", default=900.0, most=2_592_000.0)  # later, a campaign missed its time
EXPANSION_CHUNK = env.whole("EXPANSION_CHUNK", default=10_000)  # opt-ins that become rows in one transaction
# How long a single message is useful, tests apart; what has not left by then is skipped.
MESSAGE_LIFE = env.seconds("MESSAGE_LIFE", default=86_400.0, most=2_592_000.0)
TEST_LIFE = env.seconds("TEST_LIFE", default=3_600.0)
RETRY_BASE_SECONDS = env.seconds("RETRY_BASE_SECONDS", default=60.0)
RETRY_CAP_SECONDS = env.seconds("RETRY_CAP_SECONDS", default=21_600.0)

# --- Callbacks ----------------------------------------------------------------------------------------------

CALLBACK_CONNECT_TIMEOUT = env.seconds("CALLBACK_CONNECT_TIMEOUT", default=5.0)
CALLBACK_TOTAL_TIMEOUT = env.seconds("CALLBACK_TOTAL_TIMEOUT", default=10.0)
CALLBACK_PATIENCE = env.seconds("CALLBACK_PATIENCE", default=259_200.0, most=2_592_000.0)  # then it is stopped
CALLBACK_DAYS = env.whole("CALLBACK_DAYS", default=30, most=3_650)  # events and calls are kept so long

# --- Facebook -----------------------------------------------------------------------------------------------

# Where this installation is reached from outside; Facebook sends people and events back to it.
PUBLIC_URL = env.http_url("PUBLIC_URL", default=f"http://127.0.0.1:{PORT}")
GRAPH_VERSION = env.text("GRAPH_VERSION", default="v26.0")  # for everything (v26.0: 29 July 2026)
FACEBOOK_SCOPES = env.items(
    "FACEBOOK_SCOPES",
    default=[
        "pages_show_list",
        "pages_manage_metadata",
        "pages_messaging",
        "pages_read_engagement",
        "business_management",
        "pages_utility_messaging",
    ],
)
# Where the pages are, and those whom they write to: some of Facebook's rights hold in some regions only.
FACEBOOK_REGION = env.text("FACEBOOK_REGION", default="EU")
# A configuration of Facebook Login for Business, instead of the scopes.
FACEBOOK_CONFIG_ID = env.text("FACEBOOK_CONFIG_ID", default="")
_WEBHOOK_FIELDS = """
    messages messaging_postbacks messaging_referrals messaging_optins message_deliveries message_reads message_echoes
    message_reactions messaging_policy_enforcement messaging_handovers standby message_template_status_update
"""
WEBHOOK_FIELDS = env.items("WEBHOOK_FIELDS", default=_WEBHOOK_FIELDS.split())
# Of 1,000 events at once, each of 2,000 characters that are escaped as twelve bytes.
WEBHOOK_MAX_BYTES = env.whole("WEBHOOK_MAX_BYTES", default=30_000_000, most=100_000_000)
WEBHOOK_DAYS = env.whole("WEBHOOK_DAYS", default=30, most=3_650)  # what Facebook told is kept so long
GRAPH_TIMEOUT = env.seconds("GRAPH_TIMEOUT", default=15.0)

# How long data of people may stay, in days, by name of the setting (retention_settings.py).
RETENTION = retention(env, webhook_days=WEBHOOK_DAYS)

# --- From a click to an opt-in ------------------------------------------------------------------------------

OPTIN_TOKEN_SECONDS = env.seconds("OPTIN_TOKEN_SECONDS", default=86_400.0, most=604_800.0)  # the link of a click
OPTIN_CODE_SECONDS = env.seconds("OPTIN_CODE_SECONDS", default=1_800.0, most=86_400.0)  # the code to type instead
OPTIN_PER_ADDRESS = env.whole("OPTIN_PER_ADDRESS", default=30, most=100_000)  # clicks a minute from one address
OPTIN_PER_SITE = env.whole("OPTIN_PER_SITE", default=1_200, most=1_000_000)  # and on one site
IMPORT_MAX_BYTES = env.whole("IMPORT_MAX_BYTES", default=512_000_000, most=10_000_000_000)  # of a file of opt-ins
IMPORT_FILE_DAYS = env.whole("IMPORT_FILE_DAYS", default=7, most=365)  # then one that nobody confirmed is dropped

# --- Sandbox ------------------------------------------------------------------------------------------------

# A Messenger and an iAdvize on this machine. It answers anyone, so production has none of it, not even its URLs.
SANDBOX = env.flag("SANDBOX", default=not PRODUCTION)
if PRODUCTION and SANDBOX:
    raise ImproperlyConfigured("SANDBOX answers anyone; production refuses to start with it.")
SANDBOX_PORT = env.whole("SANDBOX_PORT", default=PORT + 1, most=65_535)
SANDBOX_URL = f"http://127.0.0.1:{SANDBOX_PORT}"
SANDBOX_STORE = DATA_DIR / "sandbox.sqlite3"

# The app on Facebook; without one of its own, an installation with a sandbox uses the sandbox's.
FACEBOOK_APP_ID = env.text("FACEBOOK_APP_ID", default="")
_PLAYED = SANDBOX and not FACEBOOK_APP_ID
FACEBOOK_APP_ID = FACEBOOK_APP_ID or ("100000000000001" if _PLAYED else "")
FACEBOOK_APP_SECRET = env.text("FACEBOOK_APP_SECRET", default="") or (
    keys.secret(DATA_DIR, "sandbox_app_secret") if _PLAYED else ""
)
FACEBOOK_VERIFY_TOKEN = env.text("FACEBOOK_VERIFY_TOKEN", default="") or (
    keys.secret(DATA_DIR, "sandbox_verify_token") if _PLAYED else ""
)
GRAPH_URL = env.http_url("GRAPH_URL", default=SANDBOX_URL if _PLAYED else "https://graph.facebook.com")
FACEBOOK_URL = env.http_url(
    "FACEBOOK_URL", default=f"{PUBLIC_URL}/sandbox/facebook" if _PLAYED else "https://www.facebook.com"
)
M_ME_URL = env.http_url("M_ME_URL", default=f"{PUBLIC_URL}/sandbox/m.me" if _PLAYED else "https://m.me")

# --- Logs ---------------------------------------------------------------------------------------------------

LOG_LEVEL = env.one_of("LOG_LEVEL", ["DEBUG", "INFO", "WARNING", "ERROR"], default="INFO")
ACCESS_LOG = env.flag("ACCESS_LOG", default=False)  # a line for each request, of what `up` serves
# Masks tokens in whatever this process logs, the web server's lines included, and on Django's own error pages.
LOGGING_CONFIG = "messenger_admin.scrubbing.configure"
DEFAULT_EXCEPTION_REPORTER = "messenger_admin.scrubbing.ScrubbedReporter"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # A line for each hint would bury what matters.
    "loggers": {"celery": {"level": "WARNING" if LOG_LEVEL == "INFO" else LOG_LEVEL}},
}

from messenger_admin.admin.theme import UNFOLD  # noqa: E402, F401  (last: a mistake in the theme must not hide one above)
