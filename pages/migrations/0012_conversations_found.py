"""Words in conversations are found at any size, and an answer whose form comes twice is sent once."""

from django.db import migrations, models

from pages.conversations.words import prepare


class Migration(migrations.Migration):
    dependencies = [("pages", "0011_webhooks")]

    operations = [
        migrations.AddField(
            model_name="thread",
            name="answered",
            field=models.JSONField(default=list),
        ),
        prepare(),
    ]
