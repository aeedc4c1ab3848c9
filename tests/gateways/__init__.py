"""Real servers on loopback sockets for tests: well-behaved ones with knobs, and the hostile fleet.

    with serving(good_gateway(Manner(usage=None))) as server:
        ...                       # server.base_url, server.settings, server.requests

`gateways.fleet.SCENARIOS` is the one table of hostile scenarios and of what each must be called.
"""

from gateways.gateway import Gateway, Listening
from gateways.good import Delay, Manner, good_gateway
from gateways.server import Server, serving, serving_all

__all__ = ["Delay", "Gateway", "Listening", "Manner", "Server", "good_gateway", "serving", "serving_all"]
