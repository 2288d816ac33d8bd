"""Can the verdict of `pgo compare` be trusted? Anyone can repeat it, in parts:

    python3 tests/bench/trust.py STATE [--seconds N] [--kind same|slower|both] [--pgo PROGRAM]

It compares a program with itself 200 times, of which at most 5 % may be said to differ, and with itself
doing 2 % more work 100 times, of which at least 80 % must be found, each in 60 s at most. On the very
same pairs, right after, two other ways are judged: hyperfine, which says that two commands differ when the
ratio that it prints differs from 1 by more than the deviation that it prints; and the mean of five runs of
each, one side after the other, said to differ when the means do by more than 1 %.

STATE is a file to which each comparison adds a line as soon as it is done; what is there already is not
done again, as long as the sources that decide a verdict are the same. After N seconds (all: without) it stops and shows what there is. Those are hours in all.
"""

import argparse
import hashlib
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import tempfile
import time

from measure import ROOT, run

# A loop of a calibrated number of rounds; each reads and writes in one MiB, where the last one said.
PROGRAM = """
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv)
{
    long rounds = argc > 1 ? atol(argv[1]) : 1;
    unsigned char *memory = calloc(1, 1 << 20);
    unsigned hash = 1;
    for (long i = 0; i < rounds && memory; i++) {
        hash = hash * 1664525u + 1013904223u;
        memory[hash >> 12] += (unsigned char)(hash >> 24);
        hash ^= memory[(hash >> 8) & 0xfffff];
    }
    printf("%u\\n", hash);
    free(memory);
    return 0;
}
"""
ROUNDS = 1_000_000  # some 10 ms
KINDS = {"same": (200, 1.00), "slower": (100, 1.02)}


def rules():
    """What decides a verdict."""
    files = [ROOT / "src" / name for name in ("bench.c", "measure.c", "stats.c")]
    return hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()[:12]


def by_pgo(pgo, first, second):
    out = subprocess.run([pgo, "compare", "-q", "--json", "--time", "60", "--a", " ".join(first), "--b", " ".join(second)],
                         check=True, capture_output=True, text=True).stdout
    row = json.loads(out)["workloads"][0]
    return {"faster": "faster", "slower": "slower"}.get(row["verdict"], "none"), row["runs"]


def by_hyperfine(first, second):
    if not shutil.which("hyperfine"):
        return None
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(["hyperfine", "-N", "--style", "none", "--export-json", out.name, " ".join(first), " ".join(second)],
                       check=True, capture_output=True)
        a, b = json.load(out)["results"]
    ratio = a["mean"] / b["mean"]
    deviation = ratio * ((a["stddev"] / a["mean"]) ** 2 + (b["stddev"] / b["mean"]) ** 2) ** 0.5
    return "none" if abs(ratio - 1) <= deviation else "faster" if ratio > 1 else "slower"


def mean_of_five(command):
    times = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return statistics.mean(times)


def by_mean(first, second):
    ratio = mean_of_five(first) / mean_of_five(second)
    return "none" if abs(ratio - 1) <= 0.01 else "faster" if ratio > 1 else "slower"


def compare(pgo, program, kind):
    first, second = [[program, str(int(ROUNDS * more))] for more in (1, KINDS[kind][1])]
    start = time.monotonic()
    verdict, runs = by_pgo(pgo, first, second)
    seconds = time.monotonic() - start
    return {"kind": kind, "rules": rules(), "pgo": verdict, "hyperfine": by_hyperfine(first, second), "mean": by_mean(first, second),
            "runs": runs, "seconds": round(seconds, 1), "load": os.getloadavg()[0]}


def show(done):
    names = {"pgo": "pgo compare", "hyperfine": "hyperfine", "mean": "mean of five"}
    for kind, (wanted, more) in KINDS.items():
        rows = [row for row in done if row["kind"] == kind]
        if not rows:
            continue
        right = "slower" if more > 1 else "none"
        print(f"{len(rows)} of {wanted} comparisons of a program with "
              f"{'itself' if more == 1 else f'{more - 1:.0%} more work'}; "
              f"load {min(r['load'] for r in rows):.1f} to {max(r['load'] for r in rows):.1f}; "
              f"pgo compare took {statistics.median(r['seconds'] for r in rows):.0f} s (median), "
              f"{statistics.median(r['runs'] for r in rows):.0f} runs of each")
        for key, name in names.items():
            said = [row[key] for row in rows if row[key]]
            counts = ", ".join(f"{said.count(v)} {v if v != 'none' else 'no difference'}" for v in ("faster", "slower", "none"))
            if said:
                print(f"  {name:12} {counts}: right in {said.count(right) / len(said):.1%}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("state", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--kind", choices=[*KINDS, "both"], default="both")
    parser.add_argument("--pgo", type=pathlib.Path)
    args = parser.parse_args()
    lines = args.state.read_text().splitlines() if args.state.exists() else []
    all_done = [json.loads(line) for line in lines]
    done = [row for row in all_done if row["rules"] == rules()]
    if len(done) < len(all_done):
        print(f"{len(all_done) - len(done)} comparisons by other rules are left out")
    end = time.monotonic() + args.seconds
    with tempfile.TemporaryDirectory(prefix="pgo-trust-") as name:
        work = pathlib.Path(name)
        pgo = args.pgo or work / "pgo"
        if not args.pgo:
            run("cmake", f"-DPGO_DRIVER={pgo}", "-DPGO_HOST_CC=", "-P", ROOT / "cmake" / "PGO.cmake")
        (work / "work.c").write_text(PROGRAM)
        run("cc", "-O2", "-o", work / "work", work / "work.c")
        while time.monotonic() < end:
            left = [kind for kind, (wanted, _) in KINDS.items() if args.kind in (kind, "both")
                    for _ in range(wanted - sum(row["kind"] == kind for row in done))]
            if not left:
                break
            done.append(compare(pgo, str(work / "work"), random.choice(left)))
            with args.state.open("a") as out:
                print(json.dumps(done[-1]), file=out)
    show(done)


if __name__ == "__main__":
    main()
