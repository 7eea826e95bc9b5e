#!/usr/bin/env python
"""Django's command line for Messenger Admin."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "messenger_admin.settings")
    try:
        settings.INSTALLED_APPS  # noqa: B018  (reads the settings: a bad value is told without a traceback)
    except ImproperlyConfigured as wrong:
        sys.exit(f"{wrong}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
