"""The groups that come with the product, as they were on the day of this migration (messenger_admin/roles.py is today's)."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

STORY = [
    "pages.view_site",
    "pages.view_page",
    "pages.view_incident",
    "optins.view_optin",
    "notifications.view_notification",
    "notifications.view_content",
    "notifications.view_campaign",
    "notifications.view_delivery",
    "notifications.view_attempt",
]

ROLES = {
    "Administrators": [
        *STORY,
        "pages.add_site",
        "pages.change_site",
        "pages.delete_site",
        "pages.add_page",
        "pages.change_page",
        "pages.delete_page",
        "pages.link_page",
        "pages.set_token",
        "pages.view_link",
        "pages.view_auditentry",
        "optins.view_recipient",
        "optins.view_consentevent",
        "auth.add_user",
        "auth.change_user",
        "auth.delete_user",
        "auth.view_user",
        "auth.add_group",
        "auth.change_group",
        "auth.delete_group",
        "auth.view_group",
    ],
    "Marketing": [
        *STORY,
        "notifications.add_notification",
        "notifications.change_notification",
        "notifications.delete_notification",
        "notifications.add_campaign",
        "notifications.change_campaign",
        "notifications.delete_campaign",
        "notifications.send_test",
        "notifications.launch_campaign",
    ],
    "Support": [
        *STORY,
        "optins.add_optin",
        "optins.change_optin",
        "optins.view_recipient",
        "optins.view_consentevent",
        "notifications.resolve_delivery",
    ],
}


def make_roles(apps, schema_editor):
    using = schema_editor.connection.alias
    make_permissions(apps, using)
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    found = {
        f"{app}.{codename}": pk
        for pk, app, codename in permission_model.objects.using(using).values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    for name, permissions in ROLES.items():
        group, _ = group_model.objects.using(using).get_or_create(name=name)
        group.permissions.add(*(found[permission] for permission in permissions))


def make_permissions(apps, using):
    """Django makes them after the last migration, which is too late for this one."""
    for label in ("auth", "pages", "optins", "notifications"):
        config = apps.get_app_config(label)
        # create_permissions passes over apps without models, and a historical app doesn't say whether it has any.
        config.models_module = True
        create_permissions(config, apps=apps, using=using, verbosity=0)
        config.models_module = None


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("pages", "0002_append_only"),
        ("optins", "0002_append_only"),
        ("notifications", "0002_append_only"),
    ]

    # Going back leaves the groups: people are in them.
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
