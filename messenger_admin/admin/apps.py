from django.contrib.admin.apps import AdminConfig


class MessengerAdminConfig(AdminConfig):
    """django.contrib.admin with the project's own site."""

    default_site = "messenger_admin.admin.site.Site"
