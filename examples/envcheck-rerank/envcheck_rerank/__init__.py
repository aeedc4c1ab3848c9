"""A plug-in of envcheck: the probe `rerank` and the format `findings_csv`."""
