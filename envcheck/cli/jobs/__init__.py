"""What the commands do, with everything that takes time to import."""
