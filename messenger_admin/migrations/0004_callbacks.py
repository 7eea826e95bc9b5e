"""Administrators say where a site's events go, and read the log of the calls."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

CODENAMES = ["add_callback", "change_callback", "view_callback", "view_callbackcall"]


def give(apps, schema_editor):
    using = schema_editor.connection.alias
    config = apps.get_app_config("notifications")
    # As in 0001: the permissions have to be there before the last migration has run.
    config.models_module = True
    create_permissions(config, apps=apps, using=using, verbosity=0)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    found = permissions.filter(content_type__app_label="notifications", codename__in=CODENAMES)
    group, _ = apps.get_model("auth", "Group").objects.using(using).get_or_create(name="Administrators")
    group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("messenger_admin", "0003_arming"),
        ("notifications", "0005_callbacks"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
