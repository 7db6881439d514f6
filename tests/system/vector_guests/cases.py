# SPDX-License-Identifier: MIT
"""The programs that vector_guests runs, and how their results are judged. Nothing here starts a
machine."""

import collections
import re

# A package's work. The fields are:
#
# name        the name in the table
# packages    the packages of Debian that it needs. In the suite SOURCES these are the packages
#             whose sources have the test programs (sources.py)
# suites      the suites in which these packages use vectors
# command     the command
# files       a pattern of the files whose instructions are sampled
# settings    the settings with which it is run: a name, and environment variables
# known       settings and VLENs with wrong results that other machines have, too, and why
# tolerance   by how much numbers may differ, as a part of themselves, where they are rounded
# also        lines that may differ from those without vectors; QEMU prints the same
# passes      for tests that check their own results: a pattern of how they report that all
#             passed. These are not compared with a run without vectors.
Case = collections.namedtuple("Case", "name packages suites command files settings known tolerance"
                              " also passes", defaults=({"": ""}, {}, 0.0, (), ""))
# The result of one setting: exit code, output, and from a file to (vectors, samples).
Result = collections.namedtuple("Result", "code said samples")

STABLE, TESTING, SOURCES = "trixie", "forky", "trixie sources"
BOTH = (STABLE, TESTING)
ALL = (*BOTH, SOURCES)
PYTHON = "python3 /vectors/%s.py"
ZVL256B = "OpenBLAS takes VLEN for 256; so in QEMU"
# With vectors pixman's results for these formats differ from those of its scalar code.
PIXMAN = ("r5g6b5 ea4af6e73dfe56bf5f49158ef3c492eef325197b48a6ce7df673d57eb1cd019a",
          "b8g8r8a8 4e3151a9e3b64c727d13519e08a3aaeebbae1dc09228ebb8fc072a3096b2a3b9")
BLAS = "LD_LIBRARY_PATH=/usr/lib/riscv64-linux-gnu/openblas-pthread OPENBLAS_NUM_THREADS=1 "
BLAS_PACKAGES = "libopenblas0-pthread libblas-test python3-numpy"
CORES = {name: "OPENBLAS_CORETYPE=RISCV64_" + name for name in ("ZVL128B", "ZVL256B")}
CAPS = "OPENSSL_riscvcap=rv64gc_zba_zbb_zbc_zbs_v"

AES = {"all": "", "v": CAPS, "v zvkb zvbc zvkned": CAPS + "_zvkb_zvbb_zvbc_zvkned"}

CASES = [
    Case("OpenSSL", "openssl python3", BOTH, PYTHON % "libcrypto", "libcrypto", AES),
    Case("OpenBLAS", BLAS_PACKAGES, (STABLE,), BLAS + "sh /vectors/blas.sh", "openblas", CORES,
         {("ZVL256B", 128): ZVL256B}, 1e-4),
    Case("OpenBLAS", BLAS_PACKAGES, (TESTING,), BLAS + "sh /vectors/blas.sh", "openblas", CORES,
         {("ZVL256B", vlen): ZVL256B for vlen in (128, 512, 1024)}, 1e-4),
    Case("dav1d", "dav1d", BOTH, "sh /vectors/dav1d.sh", "libdav1d"),
    Case("SLEEF", "libsleef3 python3", BOTH, PYTHON % "libsleef", "libsleef"),
    Case("pixman", "libpixman-1-0 python3", (STABLE,), PYTHON % "libpixman", "libpixman",
         also=PIXMAN),
    Case("libgcrypt", "libgcrypt20 python3", (TESTING,), PYTHON % "libgcrypt", "libgcrypt"),
    Case("glibc", "python3", (TESTING,), PYTHON % "memset", r"libc\.so", {"": "PERIOD=1009"}),
    Case("FFmpeg", "ffmpeg", (TESTING,), "sh /vectors/ffmpeg.sh", "libav|libsw"),
    Case("NumPy", "python3-numpy libopenblas0-pthread", (TESTING,),
         BLAS + PYTHON % "numpy_work", "numpy", {"": ""}, {}, 1e-5),
    Case("ggml", "libggml0 python3", (TESTING,), PYTHON % "ggml", "libggml-cpu"),
    Case("ggml tests", "libggml0", (TESTING,), "sh /vectors/ggml_tests.sh", "libggml-cpu",
         {"": "PERIOD=100003"}, passes="^0 failed$"),
    Case("NumPy tests", "python3-numpy python3-pytest python3-hypothesis", (TESTING,),
         BLAS + "sh /vectors/numpy_tests.sh", "numpy", passes=r"\b[0-9]+ passed\b"),
    Case("dav1d tests", "dav1d", (SOURCES,), "/vectors/dav1d/checkasm 1", "dav1d",
         passes=r"all \d+ tests passed"),
    Case("FFmpeg tests", "ffmpeg", (SOURCES,), "/vectors/ffmpeg/checkasm 1", "ffmpeg",
         passes=r"all \d+ tests passed"),
    Case("pixman tests", "pixman", (SOURCES,), "sh /vectors/pixman_tests.sh", "pixman",
         passes="^all passed$"),
    Case("SLEEF tests", "sleef", (SOURCES,), "sh /vectors/sleef_tests.sh", "sleef",
         {"": "PERIOD=1000003"}, passes="^all passed$"),
    Case("OpenSSL tests", "openssl", (SOURCES,), "sh /vectors/openssl_tests.sh", "openssl", AES,
         passes="^all passed$"),
]
# Packages for the root itself, and for making the clips.
PACKAGES = "coreutils dash grep".split()
CLIPS = "ffmpeg"


def chosen(suite, names):
    """Returns the cases of a suite, those of these names or all."""
    return [case for case in CASES
            if suite in case.suites and (not names or case.name in names)]


def packages(suite):
    """Returns the packages of a suite's root."""
    if suite == SOURCES:
        return PACKAGES
    return sorted({name for case in chosen(suite, ()) for name in case.packages.split()} |
                  {*PACKAGES, CLIPS})


def script(cases, vlen):
    """Returns the guest's script, which runs each case with each setting. On a hart without vectors
    (vlen 0) cases run only once, as the settings ask for vectors, and only those with whose results
    others are compared."""
    lines = []
    for case in cases if vlen else [case for case in cases if not case.passes]:
        for setting, variables in case.settings.items() if vlen else [("", "")]:
            lines.append("echo '@case %s/%s'" % (case.name, setting))
            lines.append("chroot /mnt /usr/bin/env NO_COLOR=1 %s /vectors/sample env %s 2>&1" %
                         (variables, case.command))
            lines.append('echo "@exit $?"')
    return "\n".join(lines)


def read(said):
    """Returns from a case and a setting to its Result, by what the guest wrote."""
    found = {}
    for part in re.split(r"^@case ", said.replace("\r", ""), flags=re.M)[1:]:
        title, _, rest = part.partition("\n")
        code = re.search(r"^@exit (\d+)$", rest, re.M)
        samples = {name: (int(vectors), int(count)) for vectors, count, name in
                   re.findall(r"^@sampled (\d+) (\d+) (.*)$", rest, re.M)}
        own = rest[:code.start()] if code else rest
        own = re.sub(r"^@sampled .*\n", "", own, flags=re.M)
        found[tuple(title.split("/"))] = Result(int(code.group(1)) if code else None, own, samples)
    return found


def same_word(want, got, tolerance):
    try:
        one, other = float(want), float(got)
    except ValueError:
        return want == got
    return want == got or abs(one - other) <= tolerance * max(abs(one), abs(other))


def difference(want, got, tolerance, also=()):
    """Returns a message about the first line that differs and is not in `also`, or None. Numbers
    may differ by `tolerance` times the larger one."""
    wanted, had = want.splitlines(), got.splitlines()
    for one, other in zip(wanted, had):
        words, others = one.split(), other.split()
        if other not in also and (len(words) != len(others) or not all(
                same_word(a, b, tolerance) for a, b in zip(words, others))):
            return "%s, not %s" % (other, one)
    if len(wanted) != len(had):
        return "%d lines, not %d" % (len(had), len(wanted))
    return None


def share(case, result):
    """Returns what percentage of the instructions sampled in the case's files were vector
    instructions; 0 if there were none."""
    counts = [count for name, count in result.samples.items() if re.search(case.files, name)]
    vectors, samples = (sum(column) for column in zip((0, 0), *counts))
    return 100 * vectors / samples if samples else 0.0


def judge(case, setting, vlen, scalar, result):
    """Returns the text for the table, and whether the result is right."""
    if result is None or result.code is None:
        return "no end", False
    if result.code:
        verdict = "exit code %d: %s" % (result.code, result.said.strip()[-200:])
    elif case.passes:
        passed = re.search(case.passes, result.said, re.M)
        verdict = None if passed else "not all passed: %s" % result.said.strip()[-200:]
    else:
        verdict = difference(scalar.said, result.said, case.tolerance, case.also)
    if verdict and (setting, vlen) in case.known:
        return "known", True
    if verdict:
        return verdict, False
    vectors = share(case, result)
    return ("%.2g%%" % vectors, True) if vectors else ("no vectors", False)
