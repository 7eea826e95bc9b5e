import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import pages.scopes


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0004_unreadable_token"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        help_text="Who uses it: a system, a shop, a person.", max_length=120, verbose_name="name"
                    ),
                ),
                ("prefix", models.CharField(max_length=16, verbose_name="begins with")),
                ("sha256", models.CharField(max_length=64, unique=True)),
                (
                    "scopes",
                    models.JSONField(default=list, validators=[pages.scopes.validate_scopes], verbose_name="scopes"),
                ),
                (
                    "requests_per_second",
                    models.PositiveSmallIntegerField(
                        default=50,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="requests per second",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
                ("last_used_at", models.DateTimeField(blank=True, null=True, verbose_name="last used")),
                ("flagged_on", models.DateField(blank=True, null=True)),
                ("granted_until", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
            ],
            options={
                "verbose_name": "API token",
                "verbose_name_plural": "API tokens",
                "ordering": ["-id"],
                "permissions": [("revoke_apitoken", "Can revoke and replace API tokens")],
                "default_permissions": ("add", "view"),
            },
        ),
        migrations.CreateModel(
            name="Binding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "page",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bindings",
                        to="pages.page",
                        verbose_name="page",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bindings",
                        to="pages.site",
                        verbose_name="site",
                    ),
                ),
                (
                    "token",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bindings",
                        to="pages.apitoken",
                        verbose_name="API token",
                    ),
                ),
            ],
            options={
                "verbose_name": "API token",
                "verbose_name_plural": "API tokens",
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(("requests_per_second__gte", 1), ("requests_per_second__lte", 1000)),
                name="api_token_rate_in_bounds",
            ),
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("expires_at", None), ("expires_at__gt", models.F("created_at")), _connector="OR"),
                    models.Q(("revoked_at", None), ("revoked_at__gte", models.F("created_at")), _connector="OR"),
                ),
                name="api_token_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.UniqueConstraint(
                models.F("token"), condition=models.Q(("page", None)), name="binding_one_site"
            ),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.UniqueConstraint(models.F("token"), models.F("page"), name="binding_page_once"),
        ),
    ]
