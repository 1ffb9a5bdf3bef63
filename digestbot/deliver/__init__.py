"""The outbox worked off: claim, send, record; and after a crash or a lost answer, find out before sending again.

A delivery is claimed durably before the network is touched. Whatever is found claimed later may have arrived: the
channel is asked (Slack knows the delivery's key, a folder shows its files); where nobody can be asked the channel says
whether a second copy or a missing one is the lesser evil.
"""

from .freeze import freeze
from .operator import RESENDABLE, decide, reopen, select_deliveries
from .suppression import suppressed
from .worker import Report, deliver

__all__ = ["RESENDABLE", "Report", "decide", "deliver", "freeze", "reopen", "select_deliveries", "suppressed"]
