#!/usr/bin/env python3
"""Speed of the tool itself, as ratios of interleaved runs. Repeatable by anyone:

    python3 tests/bench/bench.py [noop] [include] [pipeline] [equal] [atomic] [configure] [real-pipeline] [scale]
                                 [--family gcc|clang] [--runs N] [--project NAME] [--sizes N,N,N]

noop      `pgo use` with nothing to do on 500 generated objects, against two no-op runs of ninja
include   what include(PGO) adds to a configure
pipeline  from a configured tree to optimized programs, against a hand-written script that configures
          twice, builds twice, trains in a row and merges; on examples/logtools
atomic    each training of the example with PGO_ATOMIC=ON, against OFF
equal     programs that pgo built against programs built by that script: 1.00 within the noise
configure a stage of a program of the distribution with many checks, against its cold configure
real-pipeline
          the same as pipeline, on a program of the distribution (--project cmark|libarchive) that nobody
          edited; also from nothing, the user's own configure included
meson-noop, meson-configure, meson-equal
          the same for Meson ($MESON): against a start of meson, a cold setup of glib2.0, and programs that
          were built as its manual says
supervise `pgo exec` of a process, against posix_spawn and wait
scale     `pgo use` after no edit and after edits of one file, against ninja on the user's tree, at several
          numbers of generated objects (--sizes)

Without a name: noop include pipeline equal. README.md beside this has figures.
"""

import argparse
import pathlib
import random
import shutil
import statistics
import tempfile

from measure import (ROOT, compilers, configure, generated, hand_flags, hand_merge, interleaved, run, show)
from meson import bench_meson_configure, bench_meson_equal, bench_meson_noop
from projects import PROJECTS, bench_configure, bench_real_pipeline, bench_scale
from supervise import bench_supervise
from trainings import instrumented_env, train, trainings

LOGTOOLS = ROOT / "examples" / "logtools"
SINGLE = "-DPGO_ATOMIC=OFF"  # as the hand-written script has it
MODULE = f"-DCMAKE_MODULE_PATH={ROOT / 'cmake'}"


def bench_noop(work, env, runs):
    source, build = work / "many", work / "many-build"
    generated(source, 500)
    configure(source, build, env, MODULE)
    run("cmake", "--build", build, "--target", "pgo-use", env=env)
    pgo = build / "pgo-driver" / "pgo"

    def ours():
        return run(pgo, "-C", build, "use", env=env)

    def ninja():
        return (run("ninja", "-C", build / "pgo" / "instrument") + run("ninja", "-C", build / "pgo" / "use")
                + run(pgo, "version"))

    show("noop, 500 objects", interleaved(ours, ninja, runs), "pgo use", "ninja twice and a process")


def bench_include(work, env, runs):
    with_it, without = work / "with", work / "without"
    generated(with_it, 20)
    generated(without, 20, include=False)
    for name in (with_it, without):
        configure(name, str(name) + "-build", env, MODULE)

    def once(name):
        return lambda: configure(name, str(name) + "-build", env, MODULE)

    pairs = interleaved(once(with_it), once(without), runs)
    show("include", pairs, "with include(PGO)", "without")
    print(f"  include(PGO) adds {1000 * statistics.median(x.cpu - y.cpu for x, y in pairs):.1f} ms of CPU time")


def by_hand(work, env, family, plan_build):
    """What a maintainer writes: two cold configures, two builds, trainings in a row, merge."""
    one, two, raw, profile = (work / name for name in ("hand-instrument", "hand-use", "hand-raw", "hand.profdata"))
    for path in (one, two, raw):
        shutil.rmtree(path, ignore_errors=True)
    first, use = hand_flags(family, raw, one, two, profile)
    cost = configure(LOGTOOLS, one, env, MODULE, f"-DCMAKE_C_FLAGS={first}")
    cost += run("ninja", "-C", one, "all", "logdata")
    shutil.rmtree(raw, ignore_errors=True)  # the generator ran instrumented
    for training in trainings(plan_build):
        if not training.held_out:
            cost += train(training.moved(one, plan_build, one))
    cost += hand_merge(family, raw, profile)
    cost += configure(LOGTOOLS, two, env, MODULE, f"-DCMAKE_C_FLAGS={use}")
    return cost + run("ninja", "-C", two)


def by_pgo(build, env):
    pgo = build / "pgo-driver" / "pgo"
    run(pgo, "-C", build, "clean")
    return run(pgo, "-C", build, "use", env=env)


def bench_pipeline(work, env, family, runs):
    build = work / "logtools"
    configure(LOGTOOLS, build, env, MODULE, SINGLE)
    run("cmake", "--build", build, "--target", "pgo-use", env=env)
    result = interleaved(lambda: by_pgo(build, env), lambda: by_hand(work, env, family, build), runs)
    show(f"pipeline, logtools, {family}", result, "pgo", "by hand")


def bench_equal(work, env, family, runs):
    build = work / "logtools"
    if not build.exists():
        configure(LOGTOOLS, build, env, MODULE, SINGLE)
        run("cmake", "--build", build, "--target", "pgo-use", env=env)
    by_hand(work, env, family, build)
    data = work / "hand-instrument"
    order = trainings(build)
    random.shuffle(order)
    for training in order:
        ours = training.moved(build / "pgo" / "use", build, data)
        hand = training.moved(work / "hand-use", build, data)
        show(f"equal, {training.name}, {family}",
             interleaved(lambda t=hand: train(t), lambda t=ours: train(t), runs), "by hand", "pgo")


def bench_atomic(work, env, family, runs):
    stages = []
    for mode in ("ON", "OFF"):
        build = work / f"atomic-{mode}"
        configure(LOGTOOLS, build, env, MODULE, f"-DPGO_ATOMIC={mode}")
        run("cmake", "--build", build, "--target", "pgo-instrument", env=env)
        stages.append(build / "pgo" / "instrument")
    run("ninja", "-C", stages[0], "logdata")
    raw = instrumented_env(env, work / "atomic-raw")
    for training in trainings(work / "atomic-ON"):
        with_it, without = (training.moved(stage, work / "atomic-ON", stages[0]) for stage in stages)
        if not training.held_out:
            show(f"atomic, {training.name}, {family}",
                 interleaved(lambda t=with_it: train(t, raw), lambda t=without: train(t, raw), runs), "ON", "OFF")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=["noop", "include", "pipeline", "equal"])
    parser.add_argument("--family", default="gcc", choices=["gcc", "clang"])
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--project", default="libarchive", choices=sorted(PROJECTS))
    parser.add_argument("--sizes", default="500,2000,10000")
    args = parser.parse_args()
    env = compilers(args.family)
    few = max(3, args.runs // 3)
    with tempfile.TemporaryDirectory(prefix="pgo-bench-") as name:
        work = pathlib.Path(name)
        benches = {
            "noop": lambda: bench_noop(work, env, args.runs),
            "include": lambda: bench_include(work, env, args.runs),
            "pipeline": lambda: bench_pipeline(work, env, args.family, few),
            "equal": lambda: bench_equal(work, env, args.family, args.runs),
            "atomic": lambda: bench_atomic(work, env, args.family, args.runs),
            "configure": lambda: bench_configure(work, env, few),
            "real-pipeline": lambda: bench_real_pipeline(work, env, args.family, args.project, few),
            "meson-noop": lambda: bench_meson_noop(work, env, args.runs),
            "meson-configure": lambda: bench_meson_configure(work, env, few),
            "meson-equal": lambda: bench_meson_equal(work, env, args.family, args.runs),
            "supervise": lambda: bench_supervise(work, args.runs),
            "scale": lambda: bench_scale(work, env, [int(n) for n in args.sizes.split(",")], few),
        }
        for what in args.what:
            if what not in benches:
                parser.error(f"unknown benchmark '{what}'")
            benches[what]()


if __name__ == "__main__":
    main()
