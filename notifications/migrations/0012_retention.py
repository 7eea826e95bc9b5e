from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0011_template_look"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("origin", "campaign"), _negated=True),
                fields=["content", "created_at"],
                name="delivery_by_content",
            ),
        ),
    ]
