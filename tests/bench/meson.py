"""Benchmarks of the Meson side."""

import os
import random
import shutil
import subprocess

from measure import ROOT, generated, hand_merge, interleaved, run, show
from projects import driver, fetch
from trainings import meson_trainings, train

MESON = os.environ.get("MESON", "meson")
RELEASE = "-Dbuildtype=release"


def setup(source, build, env, *more):
    return run(MESON, "setup", build, source, RELEASE, *more, env=env)


def many(source, objects):
    """The generated project of the CMake benchmarks, in Meson's words."""
    generated(source, objects, include=False)
    lines = ["project('many', 'c')", "parts = []"]
    for k in range(0, objects, 50):
        names = ", ".join(f"'f{i}.c'" for i in range(k, min(k + 50, objects)))
        lines.append(f"parts += static_library('part{k}', {names})")
    lines += ["many = executable('many', 'main.c', link_with: parts)",
              "benchmark('many', many, args: '1', suite: 'pgo')"]
    (source / "meson.build").write_text("\n".join(lines) + "\n")


def bench_meson_noop(work, env, runs):
    """Nothing to do, against a start of Meson, of which there must be none."""
    source, build, pgo = work / "meson-many", work / "meson-many-build", driver(work, env)
    many(source, 500)
    setup(source, build, env)
    run(pgo, "-C", build, "use", env=env)
    show("meson-noop, 500 objects", interleaved(lambda: run(pgo, "-C", build, "use", env=env),
                                                lambda: run(MESON, "--version"), runs), "pgo use", "a start of meson")


def build_nothing(work, build):
    """Has the stages of a tree built by a ninja that does nothing."""
    tool = work / "ninja"
    tool.write_text("#!/bin/sh\nexit 0\n")
    tool.chmod(0o755)
    file = build / "build.ninja"
    file.write_text(file.read_text().replace(f"{shutil.which('ninja')} -t clean", f"{tool} -t clean"))


def bench_meson_configure(work, env, runs):
    """A stage of a program with many checks (glib2.0; needs libffi-dev and libpcre2-dev), against its cold setup."""
    pgo = driver(work, env)
    options = ["-Dlibmount=disabled", "-Dselinux=disabled", "--wrap-mode=nodownload"]
    source, tree, cold = fetch(work, "glib2.0", pgo), work / "glib-user", work / "glib-cold"
    setup(source, tree, env, *options)
    build_nothing(work, tree)

    def ours():
        run(pgo, "-C", tree, "clean")
        return run(pgo, "-C", tree, "instrument", env=env, expect="nothing can be trained")

    def plain():
        shutil.rmtree(cold, ignore_errors=True)
        return setup(source, cold, env, *options)

    version = subprocess.check_output([MESON, "--version"], text=True).strip()
    show(f"meson-configure, glib2.0, Meson {version}", interleaved(ours, plain, runs, warm=False), "a stage", "cold")


def by_hand(work, env, family):
    """What Meson's manual says: one directory, b_pgo=generate, the trainings, b_pgo=use. Where a target without
    b_pgo links a library with it, as the example's does, that does not link: it gets b_pgo as well."""
    source, build = work / "hand-source", work / "hand-build"
    shutil.copytree(ROOT / "examples" / "logtools", source)
    file = source / "meson.build"
    file.write_text(file.read_text().replace("override_options: 'b_pgo=off',", ""))
    setup(source, build, env, "-Db_pgo=generate")
    run("ninja", "-C", build, "all", "meson-benchmark-prereq", env=env)
    for raw in build.rglob("*.gcda"):  # the generator of the data has run
        raw.unlink()
    for raw in build.rglob("*.profraw"):
        raw.unlink()
    for training in meson_trainings(build):
        if not training.held_out:
            train(training, cwd=build)
    hand_merge(family, build, build / "default.profdata")
    run(MESON, "configure", build, "-Db_pgo=use", env=env)
    run("ninja", "-C", build, env=env)
    return build


def bench_meson_equal(work, env, family, runs):
    """Programs that pgo built, against those that were built by Meson's manual."""
    build, pgo = work / "meson-logtools", driver(work, env)
    setup(ROOT / "examples" / "logtools", build, env)
    run(pgo, "-C", build, "use", env=env)
    hand = by_hand(work, env, family)
    order = meson_trainings(build / "pgo" / "use")
    random.shuffle(order)
    for ours in order:
        theirs = ours.by(hand)
        show(f"meson-equal, {ours.name}, {family}",
             interleaved(lambda t=theirs: train(t), lambda t=ours: train(t), runs), "by hand", "pgo")
