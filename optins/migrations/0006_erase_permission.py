"""Erasing a person has a permission of its own."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("optins", "0005_visitors")]

    operations = [
        migrations.AlterModelOptions(
            name="optin",
            options={
                "ordering": ["-id"],
                "permissions": [("erase_optin", "Can erase customers")],
                "verbose_name": "opt-in",
                "verbose_name_plural": "opt-ins",
            },
        ),
    ]
