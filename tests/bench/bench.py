#!/usr/bin/env python3
"""Speed of the tool itself, as ratios of interleaved runs. Repeatable by anyone:

    python3 tests/bench/bench.py [noop] [include] [pipeline] [equal] [--family gcc|clang] [--runs N]

noop      `pgo use` with nothing to do on 500 generated objects, against two no-op runs of ninja
include   what include(PGO) adds to a configure
pipeline  from a configured tree to optimized programs, against a hand-written script that configures
          twice, builds twice, trains in a row and merges; on examples/logtools
equal     programs that pgo built against programs built by that script: 1.00 within the noise
"""

import argparse
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOGTOOLS = ROOT / "examples" / "logtools"


def run(*words, cwd=None, env=None):
    """Runs a command that must succeed; its wall-clock seconds."""
    start = time.perf_counter()
    done = subprocess.run([str(w) for w in words], cwd=cwd, env=env, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"failed: {' '.join(map(str, words))}\n{done.stdout.decode()}")
    return seconds


def interleaved(a, b, runs):
    """Pairs of runs in blocks ABBA; (median a, median b, median of ratios a/b, middle half)."""
    times = []
    a(), b()
    for i in range(runs):
        first, second = (a, b) if i % 2 == 0 else (b, a)
        x, y = first(), second()
        times.append((x, y) if i % 2 == 0 else (y, x))
    ratios = sorted(x / y for x, y in times)
    low, high = ratios[len(ratios) // 4], ratios[(3 * len(ratios)) // 4]
    return (statistics.median(x for x, _ in times), statistics.median(y for _, y in times),
            statistics.median(ratios), low, high)


def show(what, result, a, b):
    x, y, ratio, low, high = result
    print(f"{what}: {a} {x:.3f} s, {b} {y:.3f} s, ratio {ratio:.3f} (middle half {low:.3f}-{high:.3f})",
          flush=True)


def compilers(family):
    cc, cxx = ("clang", "clang++") if family == "clang" else ("gcc", "g++")
    return dict(os.environ, CC=cc, CXX=cxx)


def configure(source, build, env, *more):
    return run("cmake", "-G", "Ninja", "-S", source, "-B", build, "-DCMAKE_BUILD_TYPE=Release",
               f"-DCMAKE_MODULE_PATH={ROOT / 'cmake'}", *more, env=env)


def generated(directory, objects, include=True):
    """A project of `objects` sources in libraries of 50, and a program that calls each function."""
    directory.mkdir()
    lists = ["cmake_minimum_required(VERSION 3.25)", "project(many C)"]
    calls = []
    for i in range(objects):
        (directory / f"f{i}.c").write_text(
            f"int f{i}(int a) {{ return a % {i + 2} ? a + {i} : a / 3; }}\n")
        calls.append(f"    a = f{i}(a);")
    for k in range(0, objects, 50):
        names = " ".join(f"f{i}.c" for i in range(k, min(k + 50, objects)))
        lists.append(f"add_library(part{k} STATIC {names})")
    declared = "\n".join(f"int f{i}(int);" for i in range(objects))
    body = "\n".join(calls)
    (directory / "main.c").write_text(
        f"{declared}\nint main(int argc, char **argv)\n{{\n    int a = argc;\n    (void)argv;\n{body}\n"
        "    return a == -1;\n}\n")
    lists += ["add_executable(many main.c)", "target_link_libraries(many "
              + " ".join(f"part{k}" for k in range(0, objects, 50)) + ")"]
    if include:
        lists += ["include(PGO)", "pgo_add_training(many COMMAND many 1)"]
    (directory / "CMakeLists.txt").write_text("\n".join(lists) + "\n")


def bench_noop(work, env, runs):
    source, build = work / "many", work / "many-build"
    generated(source, 500)
    configure(source, build, env)
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
        configure(name, str(name) + "-build", env)

    def once(name):
        return lambda: configure(name, str(name) + "-build", env)

    result = interleaved(once(with_it), once(without), runs)
    show("configure", result, "with include(PGO)", "without")
    print(f"  include(PGO) adds {1000 * (result[0] - result[1]):.1f} ms")


def trainings(build, dataset="full"):
    """The commands of the example's plan, run in a row by the hand-written script."""
    commands, name, words, held = [], None, [], False
    for line in (build / "pgo.plan").read_text().splitlines():
        key, _, value = line.partition(" ")
        if key == "training":
            name, words, held = value, [], False
        elif key == "arg":
            words.append(value.replace("{dataset}", dataset))
        elif key == "held-out":
            held = True
        elif not line and name:
            commands.append((name, words, held))
            name = None
    return commands


def by_hand(work, env, family, plan_build):
    """What a maintainer writes: two cold configures, two builds, trainings in a row, merge."""
    one, two, raw = work / "hand-instrument", work / "hand-use", work / "hand-raw"
    for path in (one, two, raw):
        shutil.rmtree(path, ignore_errors=True)
    if family == "clang":
        first, use = f"-fprofile-generate={raw}", f"-fprofile-use={work}/hand.profdata"
    else:
        prefix = "-fprofile-update=single --param=profile-func-internal-id=1 -fprofile-prefix-path="
        first, use = f"-fprofile-generate={raw} {prefix}{one}", f"-fprofile-use={raw} -fprofile-correction {prefix}{two}"
    start = time.perf_counter()
    configure(LOGTOOLS, one, env, f"-DCMAKE_C_FLAGS={first}")
    run("ninja", "-C", one, "all", "logdata")
    if family == "gcc":  # the generator ran instrumented
        shutil.rmtree(raw, ignore_errors=True)
    for path in raw.glob("*.profraw"):
        path.unlink()
    for _, words, held in trainings(plan_build):
        if not held:
            run(*[w.replace(str(plan_build), str(one)) for w in words])
    if family == "clang":
        major = subprocess.check_output(["clang", "-dumpversion"], text=True).split(".")[0]
        run(f"llvm-profdata-{major}", "merge", "-o", work / "hand.profdata", *raw.glob("*.profraw"))
    configure(LOGTOOLS, two, env, f"-DCMAKE_C_FLAGS={use}")
    run("ninja", "-C", two)
    return time.perf_counter() - start


def by_pgo(build, env):
    pgo = build / "pgo-driver" / "pgo"
    run(pgo, "-C", build, "clean")
    return run(pgo, "-C", build, "use", env=env)


def bench_pipeline(work, env, family, runs):
    build = work / "logtools"
    configure(LOGTOOLS, build, env)
    run("cmake", "--build", build, "--target", "pgo-use", env=env)
    result = interleaved(lambda: by_pgo(build, env), lambda: by_hand(work, env, family, build), runs)
    show(f"pipeline, logtools, {family}", result, "pgo", "by hand")


def bench_equal(work, env, family, runs):
    build = work / "logtools"
    if not build.exists():
        configure(LOGTOOLS, build, env)
        run("cmake", "--build", build, "--target", "pgo-use", env=env)
    by_hand(work, env, family, build)
    data = work / "hand-instrument"
    order = trainings(build)
    random.shuffle(order)
    for name, words, _ in order:
        words = [words[0]] + [w.replace(str(build), str(data)) for w in words[1:]]
        ours, hand = list(words), list(words)
        ours[0] = words[0].replace(str(build), str(build / "pgo" / "use"))
        hand[0] = words[0].replace(str(build), str(work / "hand-use"))
        show(f"equal, {name}, {family}", interleaved(lambda w=hand: run(*w), lambda w=ours: run(*w), runs),
             "by hand", "pgo")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=["noop", "include", "pipeline", "equal"])
    parser.add_argument("--family", default="gcc", choices=["gcc", "clang"])
    parser.add_argument("--runs", type=int, default=11)
    args = parser.parse_args()
    env = compilers(args.family)
    with tempfile.TemporaryDirectory(prefix="pgo-bench-") as name:
        work = pathlib.Path(name)
        for what in args.what:
            if what == "noop":
                bench_noop(work, env, args.runs)
            elif what == "include":
                bench_include(work, env, args.runs)
            elif what == "pipeline":
                bench_pipeline(work, env, args.family, max(3, args.runs // 3))
            elif what == "equal":
                bench_equal(work, env, args.family, args.runs)
            else:
                parser.error(f"unknown benchmark '{what}'")


if __name__ == "__main__":
    main()
