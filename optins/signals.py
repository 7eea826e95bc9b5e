"""What optins announces to the apps above, which it does not know."""

from django.dispatch import Signal

# Sent with `optin` and `now` in the transaction that ends an agreement.
optin_ended = Signal()
# Sent with `optin` and `now` in the transaction that gives an agreement, or gives one anew that had ended.
optin_agreed = Signal()
# Asks, with `optin`, whether something of it is on its way this instant. A receiver answers with a bool.
optin_erasing = Signal()
# Sent with `optin`, `customer_id` and `now` in the transaction that erases it: whoever knows the person forgets.
optin_erased = Signal()
