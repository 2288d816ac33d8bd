"""What `pgo exec` costs for each process that it supervises."""

import os
import time

from measure import ROOT, interleaved, run, show

PROCESSES = 300


def bench_supervise(work, runs):
    pgo = work / "pgo-driver" / "pgo"
    run("cmake", f"-DPGO_DRIVER={pgo}", "-DPGO_HOST_CC=", "-P", ROOT / "cmake" / "PGO.cmake")
    true = "/bin/true"

    def spawned(*argv):
        def one():
            start, before = time.monotonic(), os.times()
            for _ in range(PROCESSES):
                os.waitpid(os.posix_spawn(argv[0], argv, os.environ), 0)
            after = os.times()
            cpu = sum(after[:4]) - sum(before[:4])
            return time.monotonic() - start, cpu
        return one

    bare = spawned(true)
    for name, ours in (("a pgo exec each", spawned(str(pgo), "exec", "--log", str(work / "log"),
                                                   "--record", str(work / "record"), "--", true)),
                       ("one pgo exec for all", lambda: run(pgo, "exec", "--repeat", str(PROCESSES), "--", true))):
        pairs = interleaved(ours, bare, runs)
        show(f"supervise, {PROCESSES} processes", pairs, name, "posix_spawn and wait")
        more = sorted((x[0] - y[0]) / PROCESSES * 1000 for x, y in pairs)
        print(f"  that is {more[len(more) // 2]:.2f} ms more a process", flush=True)
