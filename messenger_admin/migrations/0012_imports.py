"""Administrators bring opt-ins in from elsewhere, and so does support, which enters them by hand as well."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

GIVEN = {name: ["add_import", "view_import"] for name in ("Administrators", "Support")}


def give(apps, schema_editor):
    using = schema_editor.connection.alias
    config = apps.get_app_config("optins")
    # As in 0001: the permissions have to be there before the last migration has run.
    config.models_module = True
    create_permissions(config, apps=apps, using=using, verbosity=0)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    for name, codenames in GIVEN.items():
        found = permissions.filter(content_type__app_label="optins", codename__in=codenames)
        group, _ = apps.get_model("auth", "Group").objects.using(using).get_or_create(name=name)
        group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("messenger_admin", "0011_tag_findings"),
        ("optins", "0009_imports"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
