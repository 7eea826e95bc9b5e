from django.db import migrations, models

from pages.append_only import append_only_again


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0008_receipts"),
    ]

    operations = [
        migrations.AddField(
            model_name="attempt",
            name="message_id",
            field=models.CharField(blank=True, db_default="", default="", max_length=255, verbose_name="message id"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("origin", "reply"), ("state", "queued")),
                fields=["page", "due_at", "id"],
                name="delivery_replies_due",
            ),
        ),
        append_only_again("notifications_attempt"),
    ]
