import datetime
import gc
import sys
import unittest

import accesslog

COMMON = '10.0.0.7 - ada [10/Oct/2025:13:55:36 +0200] "GET /a?b=c HTTP/1.1" 200 2326'
COMBINED = COMMON + ' "https://example.org/" "curl/8.5.0"'


def request(text):
    return COMMON.replace("GET /a?b=c HTTP/1.1", text)


class Parse(unittest.TestCase):
    def test_common(self):
        when = datetime.datetime(2025, 10, 10, 11, 55, 36, tzinfo=datetime.timezone.utc)
        self.assertEqual(
            accesslog.parse(COMMON),
            ("10.0.0.7", "ada", int(when.timestamp()), "GET", "/a?b=c", "HTTP/1.1", 200, 2326,
             None, None))

    def test_combined(self):
        entry = accesslog.parse(COMBINED)
        self.assertIsInstance(entry, accesslog.Entry)
        self.assertEqual((entry.referer, entry.agent), ("https://example.org/", "curl/8.5.0"))

    def test_bytes_and_line_ends(self):
        for data in (COMBINED.encode(), bytearray(COMBINED + "\n", "ascii"), COMBINED + "\r\n"):
            self.assertEqual(accesslog.parse(data), accesslog.parse(COMBINED))

    def test_what_is_not_there(self):
        entry = accesslog.parse('::1 - - [01/Jan/1970:00:00:00 +0000] "-" 408 - "-" "-"')
        self.assertEqual(entry, ("::1", None, 0, None, None, None, 408, None, None, None))

    def test_times(self):
        for day in ("1969-12-31", "1970-01-01", "2000-02-29", "2024-02-29", "2024-03-01",
                    "2100-03-01", "0001-01-01", "9999-12-31"):
            for zone in ("+0000", "-0330", "+1400"):
                date = datetime.date.fromisoformat(day)
                text = f"{date:%d/%b}/{date.year:04}"
                wanted = datetime.datetime.fromisoformat(
                    f"{day}T23:59:07{zone[:3]}:{zone[3:]}") - datetime.datetime(
                        1970, 1, 1, tzinfo=datetime.timezone.utc)
                line = COMMON.replace("10/Oct/2025:13:55:36 +0200", f"{text}:23:59:07 {zone}")
                self.assertEqual(accesslog.parse(line).time, wanted.total_seconds(), line)

    def test_requests(self):
        for text, wanted in {
                "GET /a b HTTP/1.0": ("GET", "/a b", "HTTP/1.0"),
                "GET /": (None, "GET /", None),
                "GET  HTTP/1.0": (None, "GET  HTTP/1.0", None),
                "": (None, "", None),
                " ": (None, " ", None),
                " / HTTP/1.0": (None, " / HTTP/1.0", None),
                r"\x16\x03\x01": (None, "\x16\x03\x01", None),
                r"GET /\"q\"\\ HTTP/1.1": ("GET", '/"q"\\', "HTTP/1.1"),
                r"GET /\q\x1 HTTP/1.1": ("GET", r"/\q\x1", "HTTP/1.1"),
                r"GET /\xC3\xA4\xff HTTP/1.1": ("GET", "/ä\udcff", "HTTP/1.1"),
                "GET /ä HTTP/1.1": ("GET", "/ä", "HTTP/1.1"),
        }.items():
            self.assertEqual(accesslog.parse(request(text))[3:6], wanted, text)

    def test_errors(self):
        for line, wanted in {
                "": "expected one line, not none",
                COMMON + "\n" + COMMON: "expected one line, not more",
                "10.0.0.7 -": "line 1, byte 1: expected host, identity and user",
                COMMON.replace("Oct", "Okt"): "line 1, byte 16: expected a time like",
                COMMON.replace("13:55", "25:55"): "line 1, byte 16: expected a time like",
                COMMON.replace('1.1"', '1.1'): "expected a request in quotes",
                COMMON.replace(" 200 ", " 20 "): "expected a status of three digits",
                COMMON.replace(" 2326", " big"): "byte 71: expected a size or '-'",
                COMMON + " ": "expected referer and agent in quotes",
                COMMON + ' "a" "b': "expected referer and agent in quotes",
                COMMON + ' "a" "b\\"': "expected referer and agent in quotes",
                COMBINED + " more": "expected the end of the line",
        }.items():
            with self.assertRaises(accesslog.Error) as caught:
                accesslog.parse(line)
            self.assertIn(wanted, str(caught.exception))
        self.assertTrue(issubclass(accesslog.Error, ValueError))
        with self.assertRaises(TypeError):
            accesslog.parse(7)

    def test_every_cut(self):
        for end in range(len(COMBINED)):
            try:
                accesslog.parse(COMBINED[:end])
            except accesslog.Error:
                continue
            self.assertIn(end, range(len(COMMON) - 3, len(COMMON) + 1))  # a shorter size is one


class Read(unittest.TestCase):
    def test_lines(self):
        data = "\n".join([COMMON, "", COMBINED, ""])
        self.assertEqual(accesslog.read(data), [accesslog.parse(COMMON), accesslog.parse(COMBINED)])
        self.assertEqual(accesslog.read(b""), [])

    def test_bad_lines(self):
        data = f"{COMMON}\n\nno entry\n{COMMON}"
        with self.assertRaisesRegex(accesslog.Error, "^line 3, byte 1: "):
            accesslog.read(data)
        self.assertEqual(len(accesslog.read(data, strict=False)), 2)


class Count(unittest.TestCase):
    def test_fields(self):
        data = "\n".join([COMMON, COMBINED, COMMON.replace(" 200 ", " 404 ")])
        self.assertEqual(accesslog.count(data, "status"), {200: 2, 404: 1})
        self.assertEqual(accesslog.count(data, "agent"), {None: 2, "curl/8.5.0": 1})
        for field in ("host", "user", "time", "method", "target", "protocol", "size", "referer"):
            self.assertEqual(sum(accesslog.count(data, field).values()), 3)

    def test_errors(self):
        with self.assertRaisesRegex(ValueError, "no field 'colour'"):
            accesslog.count(COMMON, "colour")
        with self.assertRaisesRegex(accesslog.Error, "^line 2, "):
            accesslog.count(COMMON + "\nx", "host")
        self.assertEqual(accesslog.count(COMMON + "\nx", "host", strict=False), {"10.0.0.7": 1})


class Memory(unittest.TestCase):
    def use(self):
        accesslog.read(COMBINED)
        accesslog.count(COMBINED, "target")
        for wrong in ("x", COMMON + "\n" + COMMON):
            try:
                accesslog.parse(wrong)
            except accesslog.Error:
                pass

    def test_nothing_is_lost(self):
        self.use()
        gc.collect()
        before = sys.getallocatedblocks()
        for _ in range(1000):
            self.use()
        gc.collect()
        self.assertLess(sys.getallocatedblocks() - before, 500)


if __name__ == "__main__":
    unittest.main()
