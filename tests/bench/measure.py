"""What the benchmarks share: commands that are measured, in pairs of runs that take turns."""

import os
import pathlib
import statistics
import subprocess
import sys
import time
import typing

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Cost(typing.NamedTuple):
    """Seconds of a command with all that it started and waited for."""
    wall: float
    cpu: float

    def __add__(self, other):
        return Cost(self.wall + other.wall, self.cpu + other.cpu)


NOTHING = Cost(0, 0)


def run(*words, cwd=None, env=None, expect=None):
    """Runs a command that must succeed, or fail with the text `expect`."""
    words = [str(w) for w in words]
    start = time.perf_counter()
    with subprocess.Popen(words, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as child:
        text = child.stdout.read().decode(errors="replace")
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    if (expect not in text) if expect else child.returncode:
        sys.exit(f"failed: {' '.join(words)}\n{text}")
    return Cost(wall, usage.ru_utime + usage.ru_stime)


def interleaved(a, b, runs, warm=True):
    """Pairs of runs in blocks ABBA: a list of (cost of a, cost of b)."""
    pairs = []
    if warm:
        a()
        b()
    for i in range(runs):
        first, second = (a, b) if i % 2 == 0 else (b, a)
        x, y = first(), second()
        pairs.append((x, y) if i % 2 == 0 else (y, x))
    return pairs


def show(what, pairs, a, b):
    """Medians of both, and of the paired ratios with their middle half; wall and CPU time."""
    for name, field in (("wall", 0), ("CPU", 1)):
        left, right = [x[field] for x, _ in pairs], [y[field] for _, y in pairs]
        ratios = sorted(x / y for x, y in zip(left, right) if y > 0)
        low, high = ratios[len(ratios) // 4], ratios[(3 * len(ratios)) // 4]
        print(f"{what}, {name}: {a} {statistics.median(left):.3f} s, {b} {statistics.median(right):.3f} s, "
              f"ratio {statistics.median(ratios):.3f} (middle half {low:.3f}-{high:.3f}, {len(pairs)} pairs)",
              flush=True)


def compilers(family):
    cc, cxx = ("clang", "clang++") if family == "clang" else ("gcc", "g++")
    return dict(os.environ, CC=cc, CXX=cxx)


def configure(source, build, env, *more):
    return run("cmake", "-G", "Ninja", "-S", source, "-B", build, "-DCMAKE_BUILD_TYPE=Release", *more, env=env)


def hand_flags(family, raw, one, two, profile):
    """The flags that a maintainer who knows them writes, for the instrumented and the optimized tree."""
    if family == "clang":
        return f"-fprofile-generate={raw}", f"-fprofile-use={profile}"
    same = "-fprofile-update=single -fprofile-prefix-path="
    return (f"-fprofile-generate={raw} {same}{one}",
            f"-fprofile-use={raw} -fprofile-correction -Wno-missing-profile {same}{two}")


def hand_merge(family, raw, profile):
    """GCC merges by itself."""
    if family != "clang":
        return NOTHING
    major = subprocess.check_output(["clang", "-dumpversion"], text=True).split(".")[0]
    return run(f"llvm-profdata-{major}", "merge", "-o", profile, *raw.glob("*.profraw"))


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
