"""What pages announces to the apps above, which it does not know."""

from django.dispatch import Signal

# Sent with `page` in the transaction that lets a page send again (a token was entered, a link opened).
page_resumed = Signal()
