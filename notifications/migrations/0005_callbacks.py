"""Where a site's events are sent, the events, and the append-only log of the calls."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import pages.fields
from pages.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0004_doubts_and_copies"),
        ("optins", "0003_lists"),
        ("pages", "0004_unreadable_token"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Callback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.CharField(max_length=2000, verbose_name="URL")),
                ("types", models.JSONField(default=list, verbose_name="events")),
                (
                    "state",
                    models.CharField(
                        choices=[("off", "Off"), ("on", "On"), ("stopped", "Stopped")],
                        default="off",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                (
                    "stop",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("gave_up", "The receiver took nothing for days"),
                            ("gone", "The receiver answered that it is gone (410)"),
                            ("unreadable", "Its secret can't be decrypted any more"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("secret", pages.fields.EncryptedTextField()),
                ("previous_secret", pages.fields.EncryptedTextField(blank=True, default="")),
                ("previous_until", models.DateTimeField(null=True)),
                ("numbered_to", models.BigIntegerField(default=0)),
                ("taken_to", models.BigIntegerField(default=0)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
                ("next_try_at", models.DateTimeField(null=True)),
                ("holder", models.CharField(blank=True, default="", max_length=64)),
                ("leased_until", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                (
                    "site",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="callback",
                        to="pages.site",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "verbose_name": "callback",
                "verbose_name_plural": "callbacks",
                "ordering": ["site__name", "id"],
                "default_permissions": ("add", "change", "view"),
            },
        ),
        migrations.CreateModel(
            name="CallbackCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(unique=True, verbose_name="delivery id")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("replay", models.BooleanField(default=False, verbose_name="sent again")),
                ("first_number", models.BigIntegerField(verbose_name="from number")),
                ("last_number", models.BigIntegerField(verbose_name="to number")),
                ("events", models.PositiveIntegerField(verbose_name="events")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("taken", "Taken"), ("failed", "Not taken"), ("gone", "Refused for good")],
                        max_length=16,
                        verbose_name="outcome",
                    ),
                ),
                ("status_code", models.PositiveSmallIntegerField(null=True, verbose_name="status code")),
                (
                    "fault",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_found", "The name of the host is unknown"),
                            ("refused_address", "The address is not a public one, so nothing was sent"),
                            ("not_connected", "No connection"),
                            ("bad_certificate", "The connection is not to be trusted (TLS)"),
                            ("timed_out", "No answer in time"),
                            ("broken_off", "The connection broke off"),
                        ],
                        max_length=16,
                        verbose_name="fault",
                    ),
                ),
                ("milliseconds", models.PositiveIntegerField(verbose_name="duration (ms)")),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                (
                    "callback",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calls",
                        to="notifications.callback",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "verbose_name": "call",
                "verbose_name_plural": "calls",
                "ordering": ["-id"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="CallbackEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("type", models.CharField(max_length=32)),
                ("at", models.DateTimeField()),
                ("data", models.JSONField()),
                ("number", models.BigIntegerField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
                (
                    "callback",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="notifications.callback",
                    ),
                ),
                (
                    "optin",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="optins.optin"
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "ordering": ["id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CallbackReplay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("next_number", models.BigIntegerField()),
                ("last_number", models.BigIntegerField()),
                ("untaken", models.BooleanField(default=False)),
                ("requested_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "callback",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replays",
                        to="notifications.callback",
                        verbose_name="site",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "replay",
                "verbose_name_plural": "replays",
                "ordering": ["id"],
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="callback",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["off", "on", "stopped"])), name="callback_state_closed"
            ),
        ),
        migrations.AddConstraint(
            model_name="callback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "stopped"), ("stop__in", ["gave_up", "gone", "unreadable"])),
                    models.Q(models.Q(("state", "stopped"), _negated=True), ("stop", "")),
                    _connector="OR",
                ),
                name="callback_stops_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="callback",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken_to__lte", models.F("numbered_to"))), name="callback_takes_what_has_a_number"
            ),
        ),
        migrations.AddIndex(
            model_name="callbackcall",
            index=models.Index(fields=["callback", "-id"], name="callback_call_by_site"),
        ),
        migrations.AddIndex(
            model_name="callbackcall",
            index=models.Index(fields=["outcome", "-id"], name="callback_call_by_outcome"),
        ),
        migrations.AddIndex(
            model_name="callbackcall",
            index=models.Index(
                condition=models.Q(("outcome", "taken"), _negated=True),
                fields=["callback", "-id"],
                name="callback_call_failed",
            ),
        ),
        migrations.AddIndex(
            model_name="callbackcall",
            index=models.Index(fields=["at"], name="callback_call_by_age"),
        ),
        migrations.AddConstraint(
            model_name="callbackcall",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["taken", "failed", "gone"])), name="callback_call_outcome_closed"
            ),
        ),
        migrations.AddConstraint(
            model_name="callbackcall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "fault__in",
                        [
                            "",
                            "not_found",
                            "refused_address",
                            "not_connected",
                            "bad_certificate",
                            "timed_out",
                            "broken_off",
                        ],
                    )
                ),
                name="callback_call_fault_closed",
            ),
        ),
        migrations.AddIndex(
            model_name="callbackevent",
            index=models.Index(
                condition=models.Q(("number", None)), fields=["callback", "id"], name="callback_event_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="callbackevent",
            index=models.Index(
                condition=models.Q(("number__gt", 0), ("taken_at", None)),
                fields=["callback", "number"],
                name="callback_event_untaken",
            ),
        ),
        migrations.AddIndex(
            model_name="callbackevent",
            index=models.Index(fields=["callback", "at"], name="callback_event_by_age"),
        ),
        migrations.AddConstraint(
            model_name="callbackevent",
            constraint=models.UniqueConstraint(
                models.F("callback"), models.F("number"), name="callback_event_number_once"
            ),
        ),
        migrations.AddIndex(
            model_name="callbackreplay",
            index=models.Index(
                condition=models.Q(("ended_at", None)), fields=["callback", "id"], name="callback_replay_open"
            ),
        ),
        append_only("notifications_callbackcall"),
    ]
