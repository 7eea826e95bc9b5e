"""The project's settings over a data folder of the run's own. Read before any conftest, and so set here.

Processes that a test starts inherit the environment, and with it the folder; they read the project's own settings.
"""

import os
import tempfile

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="messenger-admin-tests-")
# Nobody's .env, and a far end that nobody listens at.
os.environ["ENV_FILE"] = os.devnull
os.environ.setdefault("IADVIZE_BASE_URL", "http://127.0.0.1:9")
os.environ["DJANGO_SETTINGS_MODULE"] = "messenger_admin.settings"

from messenger_admin.databases import SQLITE
from messenger_admin.settings import *  # noqa: F403  (settings are read by star, by design)
from messenger_admin.settings import DATA_DIR, DATABASES

if DATABASES["default"]["ENGINE"] == SQLITE:
    # In a file: a second connection, thread or process sees the same rows, and waits for a lock instead of failing.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
