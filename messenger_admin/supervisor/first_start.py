"""What a start finds or makes: the tables, the demo, and somebody who can log in."""

import secrets
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from pages.models import Site

ADMIN = "admin"
DEMO_MARKER = "demo_loaded"


def migrate() -> bool:
    """Whether there was anything to do; when there is nothing, looking costs much less than migrating."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    call_command("migrate", interactive=False, verbosity=0)
    return True


def load_demo(data_dir: Path) -> bool:
    """Once, and only where there is nothing yet: a demo that was deleted stays deleted."""
    marker = data_dir / DEMO_MARKER
    if not settings.SANDBOX or marker.exists():
        return False
    fresh = not Site.objects.exists()
    if fresh:
        call_command("load_demo", verbosity=0, stdout=StringIO())
    marker.touch()
    return fresh


def admin_password(chosen: str) -> str | None:
    """The password to show, if it is news: a new administrator's, or the one that was just chosen."""
    people = get_user_model().objects
    admin = people.filter(username=ADMIN).first()
    if admin is None:
        password = chosen or secrets.token_urlsafe(12)
        people.create_superuser(username=ADMIN, email="", password=password)
        return password
    if not chosen or admin.check_password(chosen):
        return None
    admin.set_password(chosen)
    admin.save(update_fields=["password"])
    return chosen
