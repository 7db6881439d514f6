# SPDX-License-Identifier: MIT
"""Builds test programs that packages of Debian 13 have in their sources, and that none of Debian's
packages brings, as static programs for its riscv64. The sources come from the mirror of apt's
sources, and clang takes the headers and libraries of Debian 13 itself. What is built is kept."""

import collections
import glob
import os
import shutil
import subprocess
import sys
import tempfile

from fixtures import console
from fixtures import debian13

# A package's commands, in an empty folder, with the sources in $SOURCE, compilers in $CC and $CXX,
# and a file for meson in $CROSS; and the patterns of what is kept, in the folder or in the sources.
Source = collections.namedtuple("Source", "commands made")

# Where sources are looked for, as mirrors may lack some: security updates replace theirs.
SUITES = ("trixie", "trixie-security", "forky")
NEED = os.path.join(os.path.dirname(debian13.FETCH), "need")
# What the machine needs, besides what all of these tests need.
HOST = "clang-19 lld-19 cmake make meson ninja-build perl xz-utils".split()
TOOLS = "clang-19 ld.lld-19 cmake make meson ninja perl xz riscv64-linux-gnu-ar".split()
LIBRARIES = ["libc6-dev", "libstdc++-14-dev"]
CLANG = """#!/bin/sh
exec %s --target=riscv64-linux-gnu --sysroot=%s -fuse-ld=lld -Qunused-arguments "$@"
"""
CROSS = """[binaries]
c = '%s'
ar = 'riscv64-linux-gnu-ar'
strip = 'riscv64-linux-gnu-strip'
[built-in options]
c_link_args = ['-static']
default_library = 'static'
buildtype = 'release'
[host_machine]
system = 'linux'
cpu_family = 'riscv64'
cpu = 'riscv64'
endian = 'little'
"""
# What FFmpeg's checkasm calls functions of. The rest takes long to compile.
DECODERS = ("aac ac3 adpcm_g722 alac ape dca flac h263 h264 hevc huffyuv jpeg2000 mpeg4 opus "
            "rv30 rv40 svq1 tak utvideo v210 vc1 vorbis vp8 vp9 vvc")
ENCODERS = "aac ac3 alac flac huffyuv mpeg4 svq1 utvideo v210 dnxhd"
FILTERS = "afir blend bwdif colorspace eq gblur hflip threshold nlmeans sobel"
# FFmpeg asks whether the assembler knows Zvbb in a way that clang refuses; clang does.
FFMPEG = """
$SOURCE/configure --enable-cross-compile --arch=riscv64 --target-os=linux --cc=$CC --ld=$CC \
    --cross-prefix=riscv64-linux-gnu- --disable-doc --disable-programs --disable-debug \
    --disable-autodetect --enable-gpl --disable-everything --disable-network \
    --disable-avdevice --extra-ldexeflags=-static %s
sed -i 's/HAVE_RV_ZVBB 0/HAVE_RV_ZVBB 1/' config.h
sed -i 's/^!HAVE_RV_ZVBB=/HAVE_RV_ZVBB=/' ffbuild/config.mak
make -j$JOBS tests/checkasm/checkasm
""" % " ".join("--enable-%s=%s" % (kind, names.replace(" ", ",")) for kind, names in
               (("decoder", DECODERS), ("encoder", ENCODERS), ("filter", FILTERS)))
PIXMAN = ["test/" + name for name in
          "alphamap combiner-test composite matrix-test pdf-op-test pixel-test rotate-test".split()]

# SLEEF's sources are written in part by programs of its own, which the host runs.
SLEEF = """
options='-G Ninja -S '$SOURCE' -DSLEEF_DISABLE_SSL=ON -DSLEEF_DISABLE_MPFR=ON
    -DSLEEF_ENABLE_TLFLOAT=OFF -DSLEEF_BUILD_SHARED_LIBS=OFF'
cmake $options -B host -DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19
ninja -C host -j$JOBS mkalias mkdisp mkmasked_gnuabi mkrename mkrename_gnuabi
cmake $options -B . -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=riscv64 \
    -DCMAKE_C_COMPILER=$CC -DCMAKE_CXX_COMPILER=$CXX -DCMAKE_EXE_LINKER_FLAGS=-static \
    -DNATIVE_BUILD_DIR=$PWD/host
ninja -j$JOBS tester3rvvm1 tester3rvvm2nofma
"""

SOURCES = {
    "dav1d": Source("""
meson setup . $SOURCE --cross-file $CROSS -Dtrim_dsp=false -Denable_tools=false
ninja -j$JOBS tests/checkasm
""", ["tests/checkasm"]),
    "ffmpeg": Source(FFMPEG, ["tests/checkasm/checkasm"]),
    "openssl": Source("""
perl $SOURCE/Configure linux64-riscv64 no-shared no-module no-dso no-docs -static
make -j$JOBS build_generated
make -j$JOBS test/evp_test
""", ["test/evp_test", "test/recipes/30-test_evp_data/evp[cm]*.txt"]),
    "pixman": Source("""
meson setup . $SOURCE --cross-file $CROSS -Dgtk=disabled -Dlibpng=disabled -Dopenmp=disabled
ninja -j$JOBS %s
""" % " ".join(PIXMAN), PIXMAN),
    "sleef": Source(SLEEF, ["bin/tester3*", "src/libm-tester/hash_?inz.txt"]),
}


def need_tools():
    """Skipped: the host lacks what compiles, and this may not install it."""
    if all(map(shutil.which, TOOLS)):
        return
    done = subprocess.run([NEED, *HOST, "binutils-riscv64-linux-gnu"], stderr=subprocess.PIPE,
                          text=True, check=False)
    if done.returncode:
        raise console.Skipped(" ".join(done.stderr.split()))


def sysroot(folder):
    """Returns a folder with the C library's headers and static libraries of Debian 13."""
    root = os.path.join(folder, "sysroot")
    if not os.path.exists(root):
        with tempfile.TemporaryDirectory(dir=folder) as parts:
            place = os.path.join(parts, "root")
            debian13.unpack(parts, ["--closure"], LIBRARIES, place)
            os.symlink("usr/lib", os.path.join(place, "lib"))
            os.rename(place, root)
    return root


def fetch(folder, package):
    """Returns the package's sources, unpacked, from the first suite that has them. Debian's changes
    to them concern other things."""
    for suite in SUITES:
        try:
            archive, = debian13.fetch(os.path.join(folder, suite), ["--source"], [package], suite)
        except console.Skipped as reason:
            missing = reason
            continue
        place = os.path.join(folder, "source")
        os.mkdir(place)
        subprocess.run(["tar", "-xf", archive, "-C", place, "--strip-components=1"], check=True)
        return place
    raise missing


def write(path, text):
    """Returns the path of a file that can be executed."""
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    os.chmod(path, 0o755)
    return path


def build(folder, package):
    """Returns the folder with the package's programs, which is made when it is not there or older
    than this file."""
    made = os.path.join(folder, package)
    if os.path.exists(made) and os.path.getmtime(made) >= os.path.getmtime(__file__):
        return made
    shutil.rmtree(made, ignore_errors=True)
    need_tools()
    root = sysroot(folder)
    with tempfile.TemporaryDirectory(dir=folder) as parts:
        source, place = fetch(parts, package), os.path.join(parts, "build")
        os.mkdir(place)
        compiler = write(os.path.join(parts, "cc"), CLANG % ("clang-19", root))
        variables = {"SOURCE": source, "CC": compiler,
                     "CXX": write(os.path.join(parts, "cxx"), CLANG % ("clang++-19", root)),
                     "JOBS": str(os.cpu_count()),
                     "CROSS": write(os.path.join(parts, "cross"), CROSS % compiler),
                     "AR": "riscv64-linux-gnu-ar", "RANLIB": "riscv64-linux-gnu-ranlib"}
        done = subprocess.run(["nice", "sh", "-ec", SOURCES[package].commands], cwd=place,
                              env={**os.environ, **variables}, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            sys.exit("%s cannot be built: %s" % (package, done.stdout[-3000:].decode()))
        keep(SOURCES[package].made, (place, source), os.path.join(parts, "made"))
        os.rename(os.path.join(parts, "made"), made)
    return made


def keep(patterns, folders, made):
    os.mkdir(made)
    for pattern in patterns:
        for folder in folders:
            for path in glob.glob(os.path.join(glob.escape(folder), pattern)):
                if os.path.isfile(path):
                    shutil.copy(path, made)


def build_all(folder):
    """From each package to its folder of programs, or to None with a line that says why not."""
    found = {}
    for package in SOURCES:
        try:
            found[package] = build(folder, package)
        except console.Skipped as reason:
            print("%s: skipped: %s" % (package, reason), flush=True)
            found[package] = None
    return found
