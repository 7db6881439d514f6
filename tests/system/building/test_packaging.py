# SPDX-License-Identifier: MIT
"""Tests what packagers give to CMake, as docs/building.md describes it."""

import os

from fixtures.build_tree import Tree
from fixtures.console import check, main

GUEST = ("Image.gz", "initramfs.cpio.gz", "vmlinux.gz")


def guest(_, __, log):
    """Checks that BAYA_BUNDLED_GUEST=OFF neither needs nor installs the bundled guest, which is
    otherwise missed before anything is built."""
    with Tree(log) as tree:
        tree.copy_sources("-rs")
        for name in GUEST:
            os.unlink(os.path.join(tree.source, "roms", name))
        status, said = tree.configure("-DBUILD_TESTING=OFF")
        check(status != 0 and "roms/Image.gz, of the bundled guest, is missing; "
              "-DBAYA_BUNDLED_GUEST=OFF" in said, "it says: " + said)
        status, said = tree.configure("-DBAYA_BUNDLED_GUEST=OFF", "-DBUILD_TESTING=OFF")
        check(status == 0, "it cannot be configured: " + said)
        tree.pretend()
        prefix, status, said = tree.install()
        check(status == 0, "it cannot be installed: " + said)
        found = os.listdir(os.path.join(prefix, "share/baya"))
        check("cores" in found and not set(GUEST) & set(found), "installed: %s" % found)


# From the option of a library to its Debian package, and a source file that needs it.
LIBRARIES = {
    "BAYA_LIBDW": ("libdw-dev", "frontends/report/lines.c"),
    "BAYA_SDL2": ("libsdl2-dev", "frontends/display/window_sdl.c"),
    "BAYA_VNC": ("libvncserver-dev", "frontends/display/window_vnc.c"),
    "BAYA_XKB": ("libxkbcommon-dev", "frontends/display/layout.c"),
    "BAYA_SLIRP": ("libslirp-dev", "frontends/net/user.c"),
    "BAYA_SECCOMP": ("libseccomp-dev", "frontends/host/sandbox.c"),
}


def libraries(_, __, log):
    """Checks that a library which is demanded is used, or missed with the name of its package, and
    that one which is refused is not used, nor are tests that are refused built."""
    def every(value):
        return ["-D%s=%s" % (option, value) for option in LIBRARIES]

    with Tree(log) as tree:
        status, said = tree.configure("-DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON",
                                      "-DBUILD_TESTING=OFF", *every("ON"))
        wanted = "What %s demands is missing: apt-get install pkg-config %s" % (
            " ".join(option + "=ON" for option in LIBRARIES),
            " ".join(package for package, _ in LIBRARIES.values()))
        check(status != 0 and wanted in said, "it says: " + said)
        for value, uses in ("ON", True), ("OFF", False), ("AUTO", True):
            compiled = tree.commands("-DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=OFF", *every(value))
            for option, (_, source) in LIBRARIES.items():
                check((source in compiled) == uses, "%s=%s and %s" % (option, value, source))
            check(not any(source.startswith("tests/") for source in compiled), "there are tests")


def lto(_, __, log):
    """Checks that modules have code when a distribution's flags, or CMake's own switch, ask for
    optimizing as they are linked. This compiles and links one."""
    for options in (("-DCMAKE_C_FLAGS=-flto=auto", "-DCMAKE_MODULE_LINKER_FLAGS=-flto=auto"),
                    ("-DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON",)):
        with Tree(log) as tree:
            status, said = tree.run("cmake", "-S", tree.source, "-B", tree.build,
                                    "-DBUILD_TESTING=OFF", "-DCMAKE_C_FLAGS_RELEASE=-O1",
                                    "-DBAYA_XKB=OFF", *options)
            check(status == 0, "it cannot be configured: " + said)
            tree.make("--target", "baya_vnc")
            status, said = tree.run("nm", "-D", "--defined-only",
                                    os.path.join(tree.build, "frontends/baya-vnc.so"))
            check("window_vnc" in said.split(), "%s: the module has %s" % (options, said))


def firmware(_, __, log):
    """Checks that the program has the firmware that it is given, and that one which is missing is an
    error."""
    source = "devices/boot/firmware_image.S"
    with Tree(log) as tree:
        image = os.path.join(tree.folder, "own firmware.bin")
        status, said = tree.configure("-DBUILD_TESTING=OFF", "-DBAYA_FIRMWARE=" + image)
        check(status != 0 and "BAYA_FIRMWARE: there is no " + image in said, "it says: " + said)
        with open(image, "w", encoding="ascii") as file:
            file.write("a firmware of one's own")
        command = tree.commands()[source].replace(tree.launcher, "")
        status, said = tree.run("sh", "-c", "cd '%s/devices' && mkdir -p CMakeFiles/baya_devices.dir/boot && "
                                % tree.build + command)
        check(status == 0, "it cannot be assembled: " + said)
        name = os.path.join(tree.build, "devices/CMakeFiles/baya_devices.dir/boot/firmware_image.S.o")
        with open(name, "rb") as file:
            check(b"a firmware of one's own" in file.read(), "the program has another firmware")


if __name__ == "__main__":
    main({"guest": guest, "libraries": libraries, "lto": lto, "firmware": firmware})
