"""The commands' names, options and help, and nothing heavier: each imports its job when it is called."""
