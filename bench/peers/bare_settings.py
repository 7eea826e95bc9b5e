"""The settings of a project that is one view: no middleware, no apps, connections that are kept."""

import os

import environ

SECRET_KEY = "bench"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.peers.bare_view"
DATABASES = {"default": {**environ.Env.db_url_config(os.environ["PEER_DATABASE"]), "CONN_MAX_AGE": None}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
