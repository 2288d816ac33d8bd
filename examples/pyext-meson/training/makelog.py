"""Makes an access log, the same for the same seed."""
import argparse
import datetime
import random

METHODS = {"GET": 82, "POST": 12, "HEAD": 4, "PUT": 1, "DELETE": 1}
STATUSES = {200: 80, 304: 8, 302: 4, 404: 5, 403: 1, 500: 1, 503: 1}
TARGETS = [
    "/",
    "/index.html",
    "/static/app.{n}.js",
    "/static/style.css",
    "/images/{n}.jpg",
    "/api/v1/items/{n}",
    "/api/v1/items?page={n}&sort=-price",
    "/search?q={word}+{word}&lang=de",
    "/wiki/{word}_{word}",
    "/feed.xml",
]
WORDS = ["alder", "birch", "cedar", "elm", "f%C3%B6hre", "hazel", "larch", "maple", "oak"]
AGENTS = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (compatible; examplebot/2.1; +http://example.org/bot.html)",
    'curl/8.5.0 \\"nightly\\"',
    "-",
]
BROKEN = ["-", "\\x16\\x03\\x01\\x02", "GET /no protocol", "\\x00"]


def choose(rng, shares):
    return rng.choices(list(shares), list(shares.values()))[0]


def target(rng):
    text = rng.choice(TARGETS).replace("{n}", str(rng.randrange(5000)))
    while "{word}" in text:
        text = text.replace("{word}", rng.choice(WORDS), 1)
    return text


def line(rng, time):
    host = f"10.{rng.randrange(4)}.{rng.randrange(32)}.{rng.randrange(1, 255)}"
    user = f"user{rng.randrange(300)}" if rng.random() < 0.1 else "-"
    request = f"{choose(rng, METHODS)} {target(rng)} HTTP/{rng.choice(['1.1', '1.1', '2.0'])}"
    if rng.random() < 0.01:
        request = rng.choice(BROKEN)
    size = "-" if rng.random() < 0.1 else int(rng.expovariate(1 / 9000))
    text = (f"{host} - {user} [{time:%d/%b/%Y:%H:%M:%S} +0100]"
            f' "{request}" {choose(rng, STATUSES)} {size}')
    if rng.random() < 0.8:
        referer = f"https://example.org{target(rng)}" if rng.random() < 0.6 else "-"
        text += f' "{referer}" "{rng.choice(AGENTS)}"'
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("output")
    given = parser.parse_args()
    rng = random.Random(given.seed)
    time = datetime.datetime(2025, 3, 1)
    with open(given.output, "w", encoding="ascii") as out:
        for _ in range(given.lines):
            time += datetime.timedelta(seconds=rng.randrange(4))
            print(line(rng, time), file=out)


if __name__ == "__main__":
    main()
