# SPDX-License-Identifier: MIT
"""Tests how vector_guests judges results, on made-up output of guests."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

import cases  # noqa: E402
import sources  # noqa: E402

CASE = cases.Case("name", "package", cases.ALL, "command", "libown", {"": "", "way": "A=1"},
                  {("way", 512): "errs everywhere"}, 1e-3, ("sum 9.0 abc",))
SAID = """\
[    0.1] the kernel
@case name/\r
sum 1.0 abc\r
@sampled 30 100 /usr/lib/libown.so.1\r
@sampled 10 60 /usr/lib/libown2.so.1\r
@sampled 0 900 /usr/lib/libother.so.1\r
@exit 0\r
@case name/way\r
sum 2.0 abc\r
@exit 0\r
@case gone/\r
sum"""


def judge(setting, vlen, said, code=0, vectors=1):
    samples = {"libown.so": (vectors, 4)} if vectors is not None else {}
    scalar = cases.Result(0, "sum 1.0 abc\n", {})
    return cases.judge(CASE, setting, vlen, scalar, cases.Result(code, said, samples))


def test_read():
    found = cases.read(SAID)
    assert found[("name", "")].said == "sum 1.0 abc\n"
    assert found[("name", "")].code == 0
    assert cases.share(CASE, found[("name", "")]) == 25
    assert cases.share(CASE, found[("name", "way")]) == 0
    assert found[("gone", "")].code is None


def test_judge():
    assert judge("", 128, "sum 1.0 abc\n") == ("25%", True)
    assert judge("", 128, "sum 1.0001 abc\n") == ("25%", True)
    assert not judge("", 128, "sum 1.01 abc\n")[1]
    assert judge("", 128, "sum 9.0 abc\n") == ("25%", True)
    assert not judge("", 128, "sum 9.0 abd\n")[1]
    assert not judge("", 128, "sum 1.0 abd\n")[1]
    assert not judge("", 128, "sum 1.0 abc\nmore\n")[1]
    assert not judge("", 128, "sum nan abc\n")[1]
    assert not judge("", 128, "sum 1.0 abc\n", code=1)[1]
    assert not judge("", 128, "sum 1.0 abc\n", vectors=0)[1]
    assert not judge("", 128, "sum 1.0 abc\n", vectors=None)[1]
    assert not judge("way", 256, "sum 2.0 abc\n")[1]
    assert judge("way", 512, "sum 2.0 abc\n") == ("known", True)
    assert judge("way", 512, "sum 1.0 abc\n") == ("25%", True)
    assert not cases.judge(CASE, "", 128, cases.Result(0, "", {}), None)[1]


def test_passes():
    """Tests that check their own results are not compared."""
    own = CASE._replace(passes="^all [0-9]+ passed$")

    def verdict(said, code=0, vectors=1):
        result = cases.Result(code, said, {"libown.so": (vectors, 4)})
        return cases.judge(own, "", 128, None, result)[1]

    assert verdict("one\nall 12 passed\n")
    assert not verdict("one\n")
    assert not verdict("all 12 passed\n", code=1)
    assert not verdict("all 12 passed\n", vectors=0)


def test_cases():
    """Each case is in a suite, has packages, and has no character in its name that the table cannot
    hold."""
    for case in cases.CASES:
        assert case.suites and case.packages and not set(case.name) & set("/|'\n")
        assert case.name in {found.name for found in cases.chosen(case.suites[0], [case.name])}
        assert all(setting in case.settings for setting, _ in case.known)
    many = cases.script(cases.CASES, 256).count("@case ")
    assert many == sum(len(case.settings) for case in cases.CASES)
    compared = [case for case in cases.CASES if not case.passes]
    assert cases.script(cases.CASES, 0).count("@case ") == len(compared)
    assert all("ffmpeg" in cases.packages(suite) for suite in cases.BOTH)
    assert "ffmpeg" not in cases.packages(cases.SOURCES)
    built = {case.packages for case in cases.chosen(cases.SOURCES, ())}
    assert built == sources.SOURCES.keys()


for name, test in list(globals().items()):
    if name.startswith("test_"):
        test()
