"""Screens for who agreed to be written to, under which customer_id, and on what evidence."""

from optins.admin.consent import ConsentEventAdmin
from optins.admin.finding import TagFindingAdmin
from optins.admin.optin import OptInAdmin
from optins.admin.pattern import IdPatternAdmin
from optins.admin.transfer.imports import ImportAdmin

__all__ = ["ConsentEventAdmin", "IdPatternAdmin", "ImportAdmin", "OptInAdmin", "TagFindingAdmin"]
