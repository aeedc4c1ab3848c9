"""`envcheck demo`: the main job over real HTTP, against small gateways on loopback that differ in known ways."""

from envcheck.demo.environments import BASELINE, environments
from envcheck.demo.expected import EXPECTED, Difference, differences
from envcheck.demo.serve import DemoGateway, demo_gateways

__all__ = ["BASELINE", "EXPECTED", "DemoGateway", "Difference", "demo_gateways", "differences", "environments"]
