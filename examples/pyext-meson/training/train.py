"""Uses the module as programs do: train.py lines|files|report LOG"""
import sys

import accesslog


PASSES = 8  # so that the work takes longer than the start of Python


def lines(path):
    """A program that follows a log: one small call for each line."""
    slow = 0
    for _ in range(PASSES):
        with open(path, encoding="utf-8") as log:
            for text in log:
                slow += accesslog.parse(text).status >= 500
    return slow


def files(path):
    """Programs that read whole files, and some that only count; now and then a line is damaged."""
    with open(path, "rb") as log:
        data = log.read()
    damaged = data.replace(b'HTTP/2.0" 404', b"HTTP/2.0 404")
    for _ in range(PASSES):
        found = [len(accesslog.read(data)), len(accesslog.read(damaged, strict=False))]
        for field in ("status", "host", "target", "agent"):
            found.append(len(accesslog.count(data, field)))
    return found


def report(path):
    """Who was sent how much, and which pages led here."""
    with open(path, "rb") as log:
        data = log.read()
    for _ in range(PASSES):
        sent = {}
        for entry in accesslog.read(data, strict=False):
            sent[entry.host] = sent.get(entry.host, 0) + (entry.size or 0)
        referers = accesslog.count(data, "referer")
    return max(sent.values()), len(referers)


if __name__ == "__main__":
    print({"lines": lines, "files": files, "report": report}[sys.argv[1]](sys.argv[2]))
