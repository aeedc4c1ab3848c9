"""`envcheck demo`: the main job over real HTTP, against small gateways on loopback that differ in known ways."""

from envcheck.demo.environments import BASELINE, environments
from envcheck.demo.expected import Difference, differences, expected
from envcheck.demo.serve import DemoGateway, demo_gateways

__all__ = ["BASELINE", "DemoGateway", "Difference", "demo_gateways", "differences", "environments", "expected"]
