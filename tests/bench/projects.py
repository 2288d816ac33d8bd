"""Benchmarks on programs of the distribution that nobody edited, and on large generated projects."""

import os
import shutil
import subprocess
import sys
import typing

from measure import (NOTHING, ROOT, configure, generated, hand_flags, hand_merge, interleaved, run, show)


class Project(typing.NamedTuple):
    options: list
    # Name and command; the first word is a program's path below the build directory.
    trainings: dict


PROJECTS = {
    "cmark": Project([], {"spec": "src/cmark {source}/test/spec.txt",
                          "man": "src/cmark -t man {source}/changelog.txt"}),
    "libarchive": Project(["-DENABLE_TEST=OFF"], {
        "gzip": "bin/bsdtar -czf one.tgz -C {source} libarchive tar cpio",
        "pax": "bin/bsdtar -cf two.tar --format pax -C {source} libarchive doc",
        "zip": "bin/bsdtar -acf three.zip -C {source} libarchive"}),
}


def driver(work, env):
    """The driver of this checkout, optimized."""
    build = work / "driver"
    if not build.exists():
        run("cmake", "-G", "Ninja", "-S", ROOT, "-B", build, "-DCMAKE_BUILD_TYPE=Release", env=env)
        run("cmake", "--build", build, "--target", "pgo", env=env)
    return build / "pgo"


def fetch(work, name, pgo):
    """The distribution's source of `name`, by the tests' own means."""
    source = work / name
    if not source.exists():
        library = ROOT / "tests" / "real" / "lib.sh"
        done = subprocess.run(["sh", "-c", '. "$0"; fetch "$1"; mv src "$2"', library, name, source],
                              env=dict(os.environ, PGO=str(pgo)), text=True, stdout=subprocess.PIPE, check=False)
        print(done.stdout.strip(), flush=True)
        if done.returncode:
            sys.exit(done.returncode)
    return source


def no_build(work):
    """A ninja that builds what the checks of a configure need, but no stage."""
    tool = work / "ninja"
    tool.write_text(f'#!/bin/sh\ncase "$*" in */pgo/instrument\\ -j*) exit 0 ;; esac\n'
                    f'exec {shutil.which("ninja")} "$@"\n')
    tool.chmod(0o755)
    return f"-DCMAKE_MAKE_PROGRAM={tool}"


def bench_configure(work, env, runs):
    pgo = driver(work, env)
    for name in ("libsndfile", "libarchive"):
        source, tree, cold = fetch(work, name, pgo), work / f"{name}-user", work / f"{name}-cold"
        configure(source, tree, env, no_build(work))

        def ours(tree=tree):
            run(pgo, "-C", tree, "clean")
            return run(pgo, "-C", tree, "instrument", env=env, expect="nothing can be trained")

        def plain(source=source, cold=cold):
            shutil.rmtree(cold, ignore_errors=True)
            return configure(source, cold, env)

        show(f"configure, {name}", interleaved(ours, plain, runs, warm=False), "a stage", "cold")


def by_hand(work, env, family, source, project):
    """Two cold configures, two builds, the trainings in a row, a merge."""
    one, two, raw, profile = (work / name for name in ("instrument", "use", "raw", "hand.profdata"))
    for path in (one, two, raw):
        shutil.rmtree(path, ignore_errors=True)
    first, use = hand_flags(family, raw, one, two, profile)
    cost = configure(source, one, env, f"-DCMAKE_C_FLAGS={first}", f"-DCMAKE_CXX_FLAGS={first}", *project.options)
    shutil.rmtree(raw, ignore_errors=True)  # what the checks left
    cost += run("ninja", "-C", one, env=env)
    for command in project.trainings.values():
        words = command.replace("{source}", str(source)).split()
        cost += run(one / words[0], *words[1:], cwd=one)
    cost += hand_merge(family, raw, profile)
    cost += configure(source, two, env, f"-DCMAKE_C_FLAGS={use}", f"-DCMAKE_CXX_FLAGS={use}", *project.options)
    return cost + run("ninja", "-C", two, env=env)


def bench_real_pipeline(work, env, family, name, runs):
    pgo = driver(work, env)
    source, project, tree = fetch(work, name, pgo), PROJECTS[name], work / "user"
    hand = work / "hand"
    hand.mkdir(exist_ok=True)
    words = []
    for training, command in project.trainings.items():
        words += ["--train", f"{training}={{build}}/{command}"]
    configured = []

    def ours():
        shutil.rmtree(tree, ignore_errors=True)
        start = configure(source, tree, env, *project.options)
        configured.append(run(pgo, "-C", tree, "use", *words, env=env))
        return start + configured[-1]

    pairs = interleaved(ours, lambda: by_hand(hand, env, family, source, project), runs, warm=False)
    show(f"real-pipeline, {name}, {family}, from nothing", pairs, "pgo", "by hand")
    show(f"real-pipeline, {name}, {family}, from a configured tree",
         [(use, b) for use, (_, b) in zip(configured, pairs)], "pgo", "by hand")


def bench_scale(work, env, sizes, runs):
    """Against ninja on the user's own tree, which builds once what pgo builds in two stages."""
    for objects in sizes:
        source, tree = work / f"many{objects}", work / f"many{objects}-build"
        generated(source, objects)
        configure(source, tree, env, f"-DCMAKE_MODULE_PATH={ROOT / 'cmake'}")
        first = run("cmake", "--build", tree, "--target", "pgo-use", env=env)
        plain = run("ninja", "-C", tree, env=env)
        show(f"scale, {objects} objects, first", [(first, plain)], "pgo use", "plain build")
        pgo = tree / "pgo-driver" / "pgo"
        count = iter(range(1, 1000))

        def ours(change):
            if change:
                change()
            return run(pgo, "-C", tree, "use", env=env)

        def plainly(change):
            if change:
                change()
            return run("ninja", "-C", tree, env=env)

        def comment():
            with (source / "f1.c").open("a") as file:
                file.write(f"/* {next(count)} */\n")

        def code():  # no count of any function changes
            (source / "f1.c").write_text(f"int f1(int a) {{ return a % 3 ? a + 1 : a / {next(count)}; }}\n")

        def counts():
            (source / "f1.c").write_text(f"int f1(int a) {{ return a % 3 ? a + 1 : a + {next(count)}; }}\n")

        for what, change, n in (("nothing to do", None, runs), ("a comment in one file", comment, runs),
                                ("code of one file", code, runs),
                                ("code of one file, with other counts", counts, 1)):
            pairs = interleaved(lambda c=change: ours(c), lambda c=change: plainly(c), n, warm=n > 1)
            show(f"scale, {objects} objects, {what}", pairs, "pgo use", "ninja")
        shutil.rmtree(source)
        shutil.rmtree(tree)
