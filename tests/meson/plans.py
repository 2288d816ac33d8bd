"""The trainings that a project declares to CMake and to Meson are the same ones.

plans.py CMAKE-BUILD MESON-BUILD: prints them; what differs is an error. Time limits are left out, since
Meson gives one to every benchmark."""
import json
import pathlib
import shlex
import sys

ATTRIBUTES = {"PGO_WEIGHT": "weight", "PGO_REPEAT": "repeat", "PGO_STDIN": "stdin",
              "PGO_SERIAL": "serial", "PGO_HELD_OUT": "held-out", "PGO_PARALLEL": "parallel"}


def empty():
    return {"arg": [], "server": [], "also": [], "input": [], "env": []}


def of_cmake(build):
    trainings = {}
    current = None
    for line in pathlib.Path(build, "pgo.plan").read_text().splitlines():
        key, _, value = line.partition(" ")
        if key == "training":
            current = trainings[value] = empty()
        elif not key:
            current = None
        elif current is not None and key == "also":
            current[key].append(value.split("\x1f"))
        elif current is not None and isinstance(current.get(key), list):
            current[key].append(value)
        elif current is not None and key not in ("depends", "timeout"):
            current[key] = value
    return trainings


def of_meson(build):
    trainings = {}
    for found in json.loads(pathlib.Path(build, "meson-info/intro-benchmarks.json").read_text()):
        if not any(suite.split(":")[-1] == "pgo" for suite in found["suite"]):
            continue
        training = empty()
        training["arg"] = found["cmd"]
        if found["workdir"]:
            training["cwd"] = found["workdir"]
        for key, value in found["env"].items():
            if key == "PGO_INPUTS":
                training["input"] = value.splitlines()
            elif key == "PGO_SERVER":
                training["server"] = shlex.split(value)
            elif key == "PGO_ALSO":
                training["also"] = [shlex.split(line) for line in value.splitlines()]
            elif key in ATTRIBUTES:
                training[ATTRIBUTES[key]] = value
            else:
                training["env"].append(f"{key}={value}")
        trainings[found["name"]] = training
    return trainings


def plain(trainings, build):
    """Without the build directory; a program of the project is its name."""
    text = json.dumps(trainings).replace(json.dumps(str(build))[1:-1], "{build}")
    trainings = json.loads(text)
    for training in trainings.values():
        training["arg"][0] = training["arg"][0].removeprefix("{build}/")
    return trainings


def main():
    cmake, meson = (pathlib.Path(build).resolve() for build in sys.argv[1:])
    one, other = plain(of_cmake(cmake), cmake), plain(of_meson(meson), meson)
    for name in sorted(one.keys() | other.keys()):
        if one.get(name) != other.get(name):
            sys.exit(f"'{name}' is {one.get(name)} for CMake and {other.get(name)} for Meson")
        print(name)


if __name__ == "__main__":
    main()
