"""The database refuses to change what is evidence."""

from django.db import migrations

from pages.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [append_only("notifications_attempt")]
