"""How long `envcheck history` takes over a history of many nights, and how large its page is: see `make history-speed`."""
