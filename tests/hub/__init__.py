"""A Hub to test against: a real HTTP server that speaks the part of the Hub's API that is read.

It lists, pages, redirects, refuses and limits as the Hub does, on 127.0.0.1 and from rows that a
test gives, and it misbehaves on order::

    with StandIn(models=[{"id": "acme/base", "downloads": 7}]) as hub:
        hub.fault(Fault("server_error", times=2))
        harvest(hub.endpoint)

By hand: ``python -m tests.hub --help``.
"""

from tests.hub.faults import Fault
from tests.hub.rates import RateLimit
from tests.hub.recorded import read_pages
from tests.hub.standin import StandIn
from tests.hub.wire import Request

__all__ = ["Fault", "RateLimit", "Request", "StandIn", "read_pages"]
