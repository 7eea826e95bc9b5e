from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0015_erased_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="RetentionRun",
            fields=[
                ("kind", models.CharField(max_length=48, primary_key=True, serialize=False)),
                ("next_at", models.DateTimeField()),
                ("begun_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("after", models.CharField(blank=True, default="", max_length=120)),
                ("removed", models.BigIntegerField(default=0)),
                ("failed_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, default="", max_length=300)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["at"], name="audit_by_age"),
        ),
        migrations.AddIndex(
            model_name="threadmessage",
            index=models.Index(fields=["at"], name="thread_message_by_age"),
        ),
    ]
