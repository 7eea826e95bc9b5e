from django.contrib.admin.apps import AdminConfig


class MessengerAdminConfig(AdminConfig):
    """django.contrib.admin with the project's own site."""

    default_site = "messenger_admin.admin.site.Site"

    def ready(self) -> None:
        super().ready()
        # The settings import this package for its theme, before any model exists; these need models.
        from messenger_admin.admin import acts, arming, audit, people, retention

        people.register()
        audit.register()
        arming.register()
        retention.register()
        acts.register()
