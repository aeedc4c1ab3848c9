"""A plug-in as its user has it: installed by pip, run as a process of its own."""
