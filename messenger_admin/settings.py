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
from messenger_admin.databases import SQLITE, database
from messenger_admin.environment import Environment

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
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", default=False) else None
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
# unfold's Alpine evaluates its attributes and sets styles inline; nothing else may (no inline script).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'unsafe-eval'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        # Marketing's images live on the merchant's own hosts and are shown in the preview.
        "img-src": ["'self'", "data:", "https:", "http:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

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

# --- Sandbox ------------------------------------------------------------------------------------------------

# A Messenger and an iAdvize on this machine. It answers anyone, so production has none of it, not even its URLs.
SANDBOX = env.flag("SANDBOX", default=not PRODUCTION)
if PRODUCTION and SANDBOX:
    raise ImproperlyConfigured("SANDBOX answers anyone; production refuses to start with it.")
SANDBOX_PORT = env.whole("SANDBOX_PORT", default=PORT + 1, most=65_535)
SANDBOX_URL = f"http://127.0.0.1:{SANDBOX_PORT}"
SANDBOX_STORE = DATA_DIR / "sandbox.sqlite3"

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
