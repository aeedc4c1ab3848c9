"""Run one command and say what it cost: a small process of its own, for the sake of the memory.

Linux hands the peak memory of a process on to the child that it starts, so a large parent would be measured in place
of a small child. This one runs with `-I -S`, imports next to nothing, and is smaller than anything it measures but
curl. Arguments: a file for the child's stdout, then the command.
"""

import os
import sys
import time

output, *command = sys.argv[1:]
began = time.perf_counter()
child = os.posix_spawn(
    command[0],
    command,
    os.environ,
    file_actions=[
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
    ],
)
_, status, used = os.wait4(child, 0)
wall = time.perf_counter() - began
print(wall, used.ru_utime + used.ru_stime, used.ru_maxrss, os.waitstatus_to_exitcode(status))
