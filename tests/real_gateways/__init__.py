"""Third-party servers as gateways; a package of its own, so that its modules' names clash with nobody's."""
