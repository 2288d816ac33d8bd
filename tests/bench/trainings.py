"""The trainings of a tree, run without the driver, as a hand-written script does."""

import json
import os
import pathlib
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
import typing

from measure import Cost


class Training(typing.NamedTuple):
    name: str
    commands: list
    server: list  # empty: there is none
    parallel: bool
    held_out: bool

    def moved(self, programs, old, new):
        """Where targets stand in the directory `programs`, and the directory `old` is `new`."""
        def word(text, first):
            return str(programs / text) if first and (programs / text).is_file() else text.replace(str(old), str(new))

        def command(words):
            return [word(text, i == 0) for i, text in enumerate(words)]

        return self._replace(commands=[command(c) for c in self.commands], server=command(self.server))


    def by(self, programs):
        """With the programs of the same names in that directory."""
        def command(words):
            return [str(programs / pathlib.Path(words[0]).name), *words[1:]] if words else []

        return self._replace(commands=[command(c) for c in self.commands], server=command(self.server))


def meson_trainings(build, dataset="full"):
    def command(text):
        words = shlex.split(text)
        return [str(build / words[0]), *words[1:]]

    found = []
    text = (build / "meson-info" / "intro-benchmarks.json").read_text().replace("{dataset}", dataset)
    for one in json.loads(text):
        env = one["env"]
        found.append(Training(one["name"], [one["cmd"]] + [command(c) for c in env.get("PGO_ALSO", "").splitlines()],
                              command(env["PGO_SERVER"]) if "PGO_SERVER" in env else [],
                              "PGO_PARALLEL" in env, "PGO_HELD_OUT" in env))
    return found


def trainings(build, dataset="full"):
    found = []
    for text in (build / "pgo.plan").read_text().replace("{dataset}", dataset).split("\n\n"):
        lines = [line.partition(" ")[::2] for line in text.splitlines()]
        if not any(key == "training" for key, _ in lines):
            continue
        every = {key: [value for other, value in lines if other == key] for key, _ in lines}
        found.append(Training(every["training"][0],
                              [every["arg"]] + [words.split("\x1f") for words in every.get("also", [])],
                              every.get("server", []), "parallel" in every, "held-out" in every))
    return found


def start(words, env, cwd):
    return subprocess.Popen(words, env=env, cwd=cwd, stdout=subprocess.DEVNULL)


def end(child, number=None):
    """Waits; the CPU time that it took."""
    if number:
        child.send_signal(number)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"failed: {' '.join(child.args)}")
    return usage.ru_utime + usage.ru_stime


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def train(training, env=None, cwd=None):
    """Runs its commands, with their server if there is one."""
    with socket.socket() as free, tempfile.TemporaryDirectory(prefix="pgo-bench-") as tmp:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()

        def filled(words):
            return [w.replace("{port}", str(port)).replace("{tmp}", tmp) for w in words]

        begin = time.perf_counter()
        server = start(filled(training.server), env, cwd) if training.server else None
        while server and not listens(port):
            time.sleep(0.005)
        if training.parallel:
            cpu = sum(end(child) for child in [start(filled(words), env, cwd) for words in training.commands])
        else:
            cpu = sum(end(start(filled(words), env, cwd)) for words in training.commands)
        if server:
            cpu += end(server, signal.SIGTERM)
        return Cost(time.perf_counter() - begin, cpu)


def instrumented_env(env, directory):
    """Raw profiles of whatever family go to the directory."""
    pathlib.Path(directory).mkdir(exist_ok=True)
    return dict(env, LLVM_PROFILE_FILE=f"{directory}/%m_%p.profraw", GCOV_PREFIX=str(directory))
