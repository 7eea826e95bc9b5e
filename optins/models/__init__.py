from optins.models.consent import ConsentEvent, ConsentKind
from optins.models.optin import OptIn
from optins.models.recipient import Recipient
from optins.models.suppression import Suppression

__all__ = ["ConsentEvent", "ConsentKind", "OptIn", "Recipient", "Suppression"]
