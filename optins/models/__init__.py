from optins.models.consent import ConsentEvent, ConsentKind
from optins.models.finding import IdUse, TagFinding
from optins.models.invitation import Invitation
from optins.models.optin import OptIn
from optins.models.pattern import IdPattern
from optins.models.quota import Quota
from optins.models.recipient import Recipient
from optins.models.suppression import Suppression
from optins.models.transfer import Import, Refusal

__all__ = [
    "ConsentEvent",
    "ConsentKind",
    "IdPattern",
    "IdUse",
    "Import",
    "Invitation",
    "OptIn",
    "Quota",
    "Recipient",
    "Refusal",
    "Suppression",
    "TagFinding",
]
