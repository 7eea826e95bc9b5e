"""What optins announces to the apps above, which it does not know."""

from django.dispatch import Signal

# Sent with `optin` and `now` in the transaction that ends an agreement.
optin_ended = Signal()
# Sent with `optin` and `now` in the transaction that gives an agreement, or gives one anew that had ended.
optin_agreed = Signal()
