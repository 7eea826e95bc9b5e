from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0003_engine"),
    ]

    operations = [
        migrations.AlterField(
            model_name="incident",
            name="kind",
            field=models.CharField(
                choices=[
                    ("token_refused", "The gateway refused the page's token"),
                    ("forbidden", "The gateway forbids this page to send"),
                    ("moved", "The gateway answered with a redirect"),
                    ("no_token", "The page has no token"),
                    ("unreadable_token", "The page's token can't be decrypted"),
                ],
                max_length=32,
                verbose_name="kind",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="incident",
            name="incident_kind_closed",
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["token_refused", "forbidden", "moved", "no_token", "unreadable_token"])
                ),
                name="incident_kind_closed",
            ),
        ),
    ]
