from pages.models.api_token import ApiToken, Binding
from pages.models.audit import AuditEntry
from pages.models.incident import Incident
from pages.models.page import Link, Page
from pages.models.site import Site

__all__ = ["ApiToken", "AuditEntry", "Binding", "Incident", "Link", "Page", "Site"]
