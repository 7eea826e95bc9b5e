import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Coalesce


def date_the_doubts(apps, schema_editor):
    """A doubt's `ended_at` is its beginning; those of a far end that gave no answer had none."""
    rows = apps.get_model("notifications", "Delivery").objects.using(schema_editor.connection.alias)
    rows.filter(state="unknown", ended_at=None).update(ended_at=Coalesce("dispatch_started_at", "created_at"))


class Migration(migrations.Migration):
    # PostgreSQL alters no table in the transaction that changed its rows.
    atomic = False

    dependencies = [
        ("notifications", "0003_engine"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="policy_sent_again_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "unknown"), models.Q(("reason", "restored"), _negated=True)),
                fields=["page", "ended_at"],
                name="delivery_doubts",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("expires_at__isnull", False), ("state", "queued")),
                fields=["expires_at"],
                name="delivery_expiring",
            ),
        ),
        migrations.AddField(
            model_name="installation",
            name="arming",
            field=models.CharField(
                blank=True,
                choices=[
                    ("hold_back", "Hold them back: each is in doubt until somebody decides"),
                    ("send", "Send them; some may arrive twice"),
                ],
                default="",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="installation",
            name="arming_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="installation",
            name="disarmed_top",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="installation",
            name="disarmed_why",
            field=models.CharField(
                blank=True,
                choices=[("place", "It is not where it was"), ("behind", "It knows less than it knew before")],
                default="",
                max_length=16,
            ),
        ),
        migrations.RunPython(date_the_doubts, migrations.RunPython.noop),
    ]
