from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0010_answers"),
        ("pages", "0015_erased_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="TemplateLook",
            fields=[
                (
                    "page",
                    models.OneToOneField(
                        on_delete=models.deletion.CASCADE,
                        primary_key=True,
                        related_name="template_look",
                        serialize=False,
                        to="pages.page",
                    ),
                ),
                ("looked_at", models.DateTimeField()),
                (
                    "trouble",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unreachable", "No answer"),
                            ("token", "Token refused"),
                            ("permission", "Permission missing"),
                            ("busy", "Too many calls"),
                            ("refused", "Refused"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("detail", models.CharField(blank=True, default="", max_length=500)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("trouble__in", ["", "unreachable", "token", "permission", "busy", "refused"])
                        ),
                        name="template_look_trouble_closed",
                    )
                ],
            },
        ),
    ]
