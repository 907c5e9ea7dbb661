"""Peak resident memory of this process, as bench/peakMemory.ts takes it."""

import re
import resource


def peak_memory_mib():
    try:
        return int(re.search(r"^VmHWM:\s+(\d+)", open("/proc/self/status").read(), re.M)[1]) // 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
