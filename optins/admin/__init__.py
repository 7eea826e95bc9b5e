"""Screens for who agreed to be written to, under which customer_id, and on what evidence."""

from optins.admin.consent import ConsentEventAdmin
from optins.admin.optin import OptInAdmin

__all__ = ["ConsentEventAdmin", "OptInAdmin"]
