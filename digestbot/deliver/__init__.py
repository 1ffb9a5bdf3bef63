"""The outbox worked off: claim, send, record; and after a crash or a lost answer, find out before sending again.

A delivery is claimed durably before the network is touched. One that is found claimed later may have arrived: the
channel is asked (Slack knows the delivery's key, a folder shows its files). Where nobody can be asked, the channel says
which is the lesser harm: a second copy or a missing one.
"""

from .freeze import freeze, hashed
from .operator import RESENDABLE, requeue_deliveries, resolve_deliveries
from .suppression import suppressed_recipients
from .worker import DeliveryReport, deliver

__all__ = [
    "RESENDABLE",
    "DeliveryReport",
    "deliver",
    "freeze",
    "hashed",
    "requeue_deliveries",
    "resolve_deliveries",
    "suppressed_recipients",
]
