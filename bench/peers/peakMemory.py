"""The most memory that this process has held."""

import resource


def peak_memory_mib():
    """Linux gives getrusage's figure from the parent where that held more; /proc begins anew with each program."""
    try:
        lines = open("/proc/self/status").read().split("\n")
        return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
