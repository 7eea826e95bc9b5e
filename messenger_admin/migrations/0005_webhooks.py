"""Support reads what Facebook told; administrators have it processed again too."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

READS = ["view_webhookpost", "view_webhookevent"]
GIVEN = {"Administrators": [*READS, "replay_webhookevent"], "Support": READS}


def give(apps, schema_editor):
    using = schema_editor.connection.alias
    config = apps.get_app_config("pages")
    # As in 0001: the permissions have to be there before the last migration has run.
    config.models_module = True
    create_permissions(config, apps=apps, using=using, verbosity=0)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    for name, codenames in GIVEN.items():
        found = permissions.filter(content_type__app_label="pages", codename__in=codenames)
        group, _ = apps.get_model("auth", "Group").objects.using(using).get_or_create(name=name)
        group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("messenger_admin", "0004_callbacks"),
        ("pages", "0011_webhooks"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
