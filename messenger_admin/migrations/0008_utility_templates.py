"""Marketing writes and deletes utility templates, administrators see them."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

GIVEN = {
    "Administrators": ["view_utilitytemplate"],
    "Marketing": ["add_utilitytemplate", "delete_utilitytemplate", "view_utilitytemplate"],
}


def give(apps, schema_editor):
    using = schema_editor.connection.alias
    config = apps.get_app_config("notifications")
    # As in 0001: the permissions have to be there before the last migration has run.
    config.models_module = True
    create_permissions(config, apps=apps, using=using, verbosity=0)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    for name, codenames in GIVEN.items():
        found = permissions.filter(content_type__app_label="notifications", codename__in=codenames)
        group, _ = apps.get_model("auth", "Group").objects.using(using).get_or_create(name=name)
        group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("messenger_admin", "0007_conversations"),
        ("notifications", "0007_facebook"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
