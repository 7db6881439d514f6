# SPDX-License-Identifier: MIT
"""Tests building and installing as docs/building.md describes, on machines where something is
missing."""

import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys

from fixtures.build_tree import TOP, Tree
from fixtures.console import check, main, need

sys.path.append(TOP + "/tests/style")

from check_docs import check_links  # noqa: E402

INSTALLED = ("bin/baya", "share/man/man1/baya.1", "share/bash-completion/completions/baya",
             "share/zsh/site-functions/_baya", "share/fish/vendor_completions.d/baya.fish",
             "share/baya/Image.gz", "share/baya/initramfs.cpio.gz", "share/baya/cores/cva6.core",
             "share/baya/debian13", "share/baya/debian/get", "share/baya/debian/make-disk",
             "share/baya/debian/configure", "share/baya/debian/files/etc/fstab",
             "share/baya/debian/desktop/etc/X11/xorg.conf.d/20-baya.conf",
             "share/baya/guest/get-sources", "share/baya/guest/sources",
             *("share/doc/baya/" + name
               for name in ("LICENSE", "CHANGELOG.md", "README.md", "docs/building.md",
                            "docs/README.md", "roms/README.md", "roms/demo.png",
                            "roms/SHA256SUMS", "roms/guest/versions", "roms/guest/kernel.config",
                            *("roms/licences/" + text
                              for text in ("GPL-2", "LGPL-2.1", "Linux-syscall-note", "nolibc")))))
SCRIPTS = ("debian13", "get", "get-sources", "make-disk", "configure")


def check_manual(folder):
    """Checks that the links in all installed pages lead to installed files."""
    def read(name):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            return file.read()

    for inner, _, files in os.walk(folder):
        for name in (os.path.relpath(os.path.join(inner, each), folder) for each in files):
            if name.endswith(".md"):
                for line, wrong in check_links(
                        name, read(name), lambda path: os.path.exists(os.path.join(folder, path)), read):
                    check(False, "%s:%d: %s" % (name, line, wrong))


def program(_, __, log):
    """Checks that the target `baya` alone is enough to install it, and that nothing is installed
    before it is built."""
    with Tree(log) as tree:
        check(tree.configure()[0] == 0, "it cannot be configured")
        prefix, status, output = tree.install()
        check(status != 0 and "baya is not built yet" in output, "installed unbuilt: " + output)
        check(not os.path.exists(prefix), "part of it is installed")
        tree.make("--target", "baya")
        prefix, status, output = tree.install()
        check(status == 0, "it cannot be installed: " + output[-500:])
        for name in INSTALLED:
            check(os.path.exists(os.path.join(prefix, name)), name + " is not installed")
        check_manual(os.path.join(prefix, "share/doc/baya"))
        for kind in ("c", "h", "py", "txt"):
            found = glob.glob(prefix + "/share/doc/baya/**/*." + kind, recursive=True)
            check(not found, "no documentation, but installed as such: %s" % found)


def modes(_, __, log):
    """Checks that all users can use an installation made by a user whose files are private."""
    with Tree(log) as tree:
        tree.be_private()
        status, said = tree.configure("-DCMAKE_DISABLE_FIND_PACKAGE_cmocka=ON")
        check(status == 0, "it cannot be configured: " + said)
        tree.make("--target", "baya")
        prefix, status, output = tree.install()
        check(status == 0, "it cannot be installed: " + output[-500:])
        for folder, folders, files in os.walk(prefix):
            for name in folders + files:
                path = os.path.join(folder, name)
                if name in folders and "/baya" not in path[len(prefix):]:
                    continue  # a folder of the system
                mode = os.stat(path).st_mode & 0o777
                runs = name in folders or name in SCRIPTS or folder.endswith("/bin")
                check(mode == (0o755 if runs else 0o644), "%s has mode %o" % (path, mode))


def bare(_, __, log):
    """Checks that the program is built without cmocka, SDL2 and libvncserver, and that packages
    which are installed later are found when cmake runs again."""
    with Tree(log) as tree:
        status, said = tree.configure("-DCMAKE_DISABLE_FIND_PACKAGE_cmocka=ON",
                                      "-DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON")
        check(status == 0, "it cannot be configured: " + said)
        for words in ("install libcmocka-dev", "SDL2 is missing", "libvncserver is missing",
                      "libxkbcommon is missing"):
            check(words in said, "not said: " + words)
        tree.make()
        modules = os.path.join(tree.build, "frontends/baya-sdl.so")
        check(not os.path.exists(modules), "there is a module of SDL2's without SDL2")
        status, said = tree.configure("-DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=OFF")
        check(status == 0, "it cannot be configured again: " + said)
        tree.make("--target", "baya")
        check(os.path.exists(modules), "SDL2 came, and its module was not built")


def asserts(_, __, log):
    """Checks that assertions are enabled in builds of every type."""
    with Tree(log) as tree:
        for kind in ("Debug", "Release", "RelWithDebInfo", "MinSizeRel"):
            check("-DNDEBUG" not in tree.flags("bus/bus.c", "-DCMAKE_BUILD_TYPE=" + kind), kind + " has none")


def optimized(_, __, log):
    """Checks that optimization options which the user gives are kept, and that the default is -O2
    and _FORTIFY_SOURCE=2."""
    with Tree(log) as tree:
        for given, wanted, unwanted in (
                (("RELEASE=", ""), "-D_FORTIFY_SOURCE=2", "-O2"),
                (("RELEASE=-O3 -DNDEBUG", ""), "-O2", "-O3"),
                (("RELEASE=-O3 -g", ""), "-g", "-O2"),
                (("NONE=", "-O2 -D_FORTIFY_SOURCE=3"), "-D_FORTIFY_SOURCE=3", "-U_FORTIFY_SOURCE"),
                (("NONE=", "-O2"), "-D_FORTIFY_SOURCE=2", "-U_FORTIFY_SOURCE")):
            kind, flags = given[0].split("=", 1)
            said = tree.flags("bus/bus.c", "-DCMAKE_BUILD_TYPE=" + kind,
                              "-DCMAKE_C_FLAGS=" + given[1], f"-DCMAKE_C_FLAGS_{kind}={flags}")
            check(wanted in said and unwanted not in said, "%s: %s" % (given, said))


def folders(_, __, log):
    """Checks the relative paths from the program's folder to its installed data and modules,
    wherever these are."""
    with Tree(log) as tree:
        for words, data, modules in (
                (("LIBDIR=lib",), "../share/baya", "../lib/baya"),
                (("LIBDIR=/usr/lib/x", "BINDIR=games/x"), "../../share/baya", "../../lib/x/baya"),
                (("DATADIR=/opt/x", "BINDIR=/usr/bin"), "../../opt/x/baya", "../lib/x/baya")):
            flags = " ".join(tree.flags("frontends/cli/bundle.c", "-DCMAKE_INSTALL_PREFIX=/usr",
                                        *(("-DCMAKE_INSTALL_" + word) for word in words)))
            for name, value in ("DATA", data), ("MODULES", modules):
                check('BAYA_%s=\\"%s\\"' % (name, value) in flags, "no %s in %s" % (value, flags))


def needed(_, __, log):
    """Checks that a missing library is reported with the name of its package."""
    with Tree(log) as tree:
        status, said = tree.configure("-DCMAKE_IGNORE_PATH=/usr/include",
                                      "-DCMAKE_IGNORE_PREFIX_PATH=/usr")
        check(status != 0, "it is configured without libelf")
        check("apt-get install libelf-dev zlib1g-dev libfdt-dev" in said, "it says: " + said)


def foreign(_, __, log):
    """Checks that a compiler for another processor is refused first and in one line."""
    need({"riscv64-linux-gnu-gcc": "gcc-riscv64-linux-gnu"})
    with Tree(log) as tree:
        status, said = tree.configure("-DCMAKE_C_COMPILER=riscv64-linux-gnu-gcc",
                                      "-DCMAKE_IGNORE_PATH=/usr/include",
                                      "-DCMAKE_IGNORE_PREFIX_PATH=/usr")
        check(status != 0, "it is configured for RISC-V")
        message = " Baya is for x86-64 Linux only, and the C compiler is for another host "
        check(message in said and "apt-get" not in said, "it says: " + said)


# Replacements for cmake and make in roms/boot: a build that prints percentages and makes a program.
FAKE_CMAKE = """#!/bin/sh
mkdir -p "$4"
echo "CMAKE_MAKE_PROGRAM:FILEPATH=$FAKES/make" >"$4/CMakeCache.txt"
"""
FAKE_MAKE = """#!/bin/sh
for part in '  5%' ' 17%' ' 42%' '100%'; do echo "[$part] Building"; sleep 1.5; done
mkdir -p "$2/frontends"
printf '#!/bin/sh\\necho booted "$@"\\n' >"$2/frontends/baya"
chmod +x "$2/frontends/baya"
"""


def progress(_, __, log):
    """Checks that roms/boot reports the progress of its build, also when its output is a file, and
    runs the program that it built; and that a second run builds nothing."""
    with Tree(log) as tree:
        os.mkdir(tree.folder + "/roms")
        shutil.copy(TOP + "/roms/boot", tree.folder + "/roms")
        for name, text in (("roms/need", "#!/bin/sh\n"), ("cmake", FAKE_CMAKE), ("make", FAKE_MAKE),
                           ("pkg-config", "#!/bin/sh\nexit 1\n"), ("CMakeLists.txt", ""),
                           ("roms/firmware.bin", "")):
            with open(os.path.join(tree.folder, name), "w", encoding="ascii") as file:
                file.write(text)
            os.chmod(file.name, 0o755)
        for name in ("bus", "cpu", "devices", "frontends"):
            os.mkdir(os.path.join(tree.folder, name))
        more = {"PATH": tree.folder + ":" + os.environ["PATH"], "FAKES": tree.folder}
        status, said = tree.run("sh", tree.folder + "/roms/boot", "-m", "1G", **more)
        parts = re.findall(r"building baya in \S+: (\d+%)\n", said)
        # On a busy host roms/boot may miss some of the percentages.
        made = ["5%", "17%", "42%", "100%"]
        check(status == 0 and parts and parts == [part for part in made if part in parts] and
              said.endswith("booted -m 1G\n"), "exit status %d: %s" % (status, said))
        status, said = tree.run("sh", tree.folder + "/roms/boot", **more)
        check((status, said) == (0, "booted\n"), "again: %d: %s" % (status, said))


def module(baya, _, log):
    """Checks that a program without a module says which package it was built without, or where it
    looks for the module."""
    with Tree(log) as tree:
        alone = shutil.copy(baya, tree.folder)
        versions = tree.run(alone, "--version")[1]
        for display, library, package in (("sdl", "SDL2", "libsdl2-dev"),
                                          ("vnc=127.0.0.1:77", "libvncserver", "libvncserver-dev")):
            answer = "baya-%s.so is not installed; it is looked for in %s/../" % (
                display[:3], tree.folder)
            if library + ": none" in versions:
                answer = "install pkg-config and %s and build it again" % package
            status, said = tree.run(alone, "-display", display, "-device", "virtio-gpu-device",
                                    "-bios", "none", "-S", "-gdb", "stdio", "--max-insns=1")
            check(answer in said, "exit status %d: %s" % (status, said))


def version(_, __, log):
    """Checks that the version contains what git says of the tree, but nothing of a repository
    around an unpacked tarball, or where git is missing; that what packagers give comes first; and
    that the file is written only when the version changes."""
    with Tree(log) as tree:
        source, written = tree.folder + "/source", tree.folder + "/version.c"
        os.mkdir(source)

        def git(*words, folder=source):
            done = subprocess.run(["git", "-C", folder, "-c", "user.name=a", "-c", "user.email=b",
                                   "-c", "commit.gpgsign=false", *words],
                                  capture_output=True, text=True, check=True,
                                  env=dict(os.environ, GIT_COMMITTER_DATE="2001-02-03T23:00+0000"))
            return done.stdout.strip()

        def expect(what, date, given="", package="", **more):
            status, said = tree.run("cmake", "-D", "SOURCE=" + source, "-D", "VERSION=1.2",
                                    "-D", "GIVEN=" + given, "-D", "PACKAGE=" + package,
                                    "-D", "OUTPUT=" + written, "-P",
                                    TOP + "/frontends/version.cmake", **more)
            check(status == 0, said)
            with open(written, encoding="ascii") as file:
                found = re.findall(r'(\w+)\[\] = "(.*)";\n', file.read())
            check(found == [("program_version", what), ("program_date", date)], "it is %s" % found)
            return os.stat(written).st_mtime_ns

        git("init", "-q", folder=tree.folder)
        git("commit", "-q", "--allow-empty", "-m", "around", folder=tree.folder)
        expect("1.2", "", SOURCE_DATE_EPOCH="")
        expect("1.2", "1970-01-02", SOURCE_DATE_EPOCH="86400")
        git("init", "-q")
        with open(source + "/file", "w", encoding="ascii") as file:
            file.write("first")
        git("add", "file")
        git("commit", "-q", "-m", "first")
        os.mkdir(tree.folder + "/gitless")
        os.symlink(shutil.which("cmake"), tree.folder + "/gitless/cmake")
        expect("1.2", "1970-01-02", SOURCE_DATE_EPOCH="86400", PATH=tree.folder + "/gitless")
        commit = git("rev-parse", "--short=12", "HEAD")
        before = expect("1.2-g" + commit, "2001-02-03")
        check(expect("1.2-g" + commit, "2001-02-03") == before, "it was written again")
        with open(source + "/file", "w", encoding="ascii") as file:
            file.write("other")
        expect("1.2-g%s-dirty" % commit, "2001-02-03")
        expect("1.2 (Debian 1.2-3)", "1970-01-02", "1.2", "Debian 1.2-3", SOURCE_DATE_EPOCH="86400")
        git("checkout", "-q", "file")
        git("tag", "v1.2")
        git("tag", "later")
        expect("1.2", "2001-02-03")
        git("commit", "-q", "--allow-empty", "-m", "second")
        expect("1.2-1-g" + git("rev-parse", "--short=12", "HEAD"), "2001-02-03")


def manual(baya, _, log):
    """Checks that the manual page has the usual sections, names all environment variables that the
    program reads, and passes mandoc's checks. Without git its date is unknown."""
    page = os.path.join(os.path.dirname(baya), "baya.1")
    with open(page, encoding="ascii") as file:
        text = file.read()
    for title in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "EXAMPLES",
                  "ENVIRONMENT", "FILES", "AUTHORS", "COPYRIGHT", "SEE ALSO"):
        check("\n.SH %s\n" % title in text, "there is no section " + title)
    variables = text[text.index(".SH ENVIRONMENT"):text.index(".SH FILES")]
    for folder in ("bus", "devices", "frontends"):
        for path in glob.glob("%s/%s/**/*.c" % (TOP, folder), recursive=True):
            with open(path, encoding="utf-8") as file:
                for name in re.findall(r'getenv\("(\w+)"\)', file.read()):
                    check(re.search(r"\b%s\b" % name, variables), "%s reads %s" % (path, name))
    # Those that the scripts of `baya get` have from the program or from each other are left out.
    for path in ("debian13", "debian/get", "debian/make-disk"):
        with open(TOP + "/roms/" + path, encoding="utf-8") as file:
            for name in re.findall(r"\$\{([A-Z]\w+)[-:]", file.read()):
                check(name in ("BAYA", "BAYA_HOLDS", "DEBIAN13_STATUS") or
                      re.search(r"\b%s\b" % name, variables), "%s reads %s" % (path, name))
    need({"mandoc": "mandoc"})
    with Tree(log) as tree:
        said = tree.run("mandoc", "-T", "lint", "-W", "warning", page)[1]
        said = [line for line in said.splitlines() if "missing date" not in line]
        check(not said, "mandoc says " + "; ".join(said))


def moved(baya, _, log):
    """Checks that a program that was installed, or copied elsewhere, uses files relative to itself,
    never those of the folder in which it was built."""
    with Tree(log) as tree:
        folder = os.path.join(tree.folder, "share/baya")
        os.makedirs(folder)
        os.mkdir(os.path.join(tree.folder, "bin"))
        alone = shutil.copy(baya, os.path.join(tree.folder, "bin"))
        for words, code, answer in (
                (("-nographic",), 3, "is neither beside the program, nor in its ../share/baya"),
                (("get", "debian"), 3, "share/baya/debian/get: No such file"),
                (("--core=cva6", "-nographic", "-bios", "none"), 2, "there is no core 'cva6'")):
            status, said = tree.run(alone, *words)
            check(status == code and answer in said, "exit status %d: %s" % (status, said))
        os.mkdir(os.path.join(folder, "cores"))
        os.symlink("cva6.core", os.path.join(folder, "cores/cva6.core"))  # a loop: see below
        status, said = tree.run(alone, "--core=cva6", "-nographic", "-bios", "none")
        check(status == 3 and "share/baya/cores/cva6.core: Too many" in said,
              "exit status %d: %s" % (status, said))
        for name in ("Image.gz", "initramfs.cpio.gz", "vmlinux.gz"):
            # A link to itself cannot be opened, not even by root.
            os.symlink(name, os.path.join(folder, name))
            status, said = tree.run(alone, "-nographic")
            check(status == 3 and "share/baya/%s, of the bundled guest: Too many" % name in said,
                  "exit status %d: %s" % (status, said))
            os.unlink(os.path.join(folder, name))
            shutil.copy(os.path.join(TOP, "roms", name), folder)
        status, said = tree.run(alone, "-nographic", "--max-insns=1000")
        check(status == 4, "exit status %d: %s" % (status, said))


def hashes(_, __, log):
    """Checks that SHA256SUMS has the hash of each built file of roms/."""
    with Tree(log) as tree:
        with open(TOP + "/roms/SHA256SUMS", encoding="ascii") as file:
            named = {line.split()[1] for line in file}
        built = {name for name in os.listdir(TOP + "/roms")
                 if name.endswith((".gz", ".png", ".bin", ".elf"))}
        check(named == built, "hashes are of %s, the files are %s" % (named, built))
        status, said = tree.run("sh", "-c", "cd %s/roms && sha256sum -c SHA256SUMS" % TOP)
        check(status == 0, said)


def sources(_, __, log):
    """Checks that get-sources names the source packages of what the bundled guest was built from,
    and that it downloads exactly what it names."""
    with open(TOP + "/roms/guest/sources", encoding="ascii") as file:
        named = set(re.findall(r"/([a-z]+_\S+)\.dsc$", file.read(), re.M))
    with open(TOP + "/roms/guest/versions", encoding="ascii") as file:
        built = {"%s_%s" % (source, (own or number).split(":")[-1]) for number, source, own in
                 re.findall(r"(?m)^\S+ (\S+) ([a-z]+)(?: \((\S+)\))? (?:all|riscv64)$", file.read())}
    check(built < named and {each.split("_")[0] for each in named - built} == {"glibc"},
          "%s are named, %s were built" % (named, built))
    with open(TOP + "/roms/licences/README.md", encoding="utf-8") as file:
        page = file.read()
    for package, number in (each.split("_") for each in named):
        check(re.search("`%s` (1:)?%s " % (package, re.escape(number)), page), package + " " + number)
    with Tree(log) as tree:
        script, mirror = tree.folder + "/get-sources", tree.folder + "/mirror"
        shutil.copy(TOP + "/roms/guest/get-sources", script)
        os.makedirs(mirror + "/pool/main")
        text = b"the source\n"
        with open(mirror + "/pool/main/it.dsc", "wb") as file:
            file.write(text)
        for content, code, answer in ((text, 0, "pool/main/it.dsc: OK"),
                                      (b"another\n", 3, "does not have pool/main/it.dsc as it was")):
            with open(tree.folder + "/sources", "w", encoding="ascii") as file:
                file.write("%s  pool/main/it.dsc\n" % hashlib.sha256(content).hexdigest())
            status, said = tree.run(script, tree.folder + "/got%d" % code, "file://" + mirror)
            check(status == code and answer in said, "exit status %d: %s" % (status, said))
        with open(tree.folder + "/got0/pool/main/it.dsc", "rb") as file:
            check(file.read() == text, "another file came")


if __name__ == "__main__":
    main({"program": program, "modes": modes, "bare": bare, "asserts": asserts,
          "optimized": optimized, "folders": folders, "needed": needed, "foreign": foreign, "module": module,
          "moved": moved, "progress": progress, "version": version, "manual": manual,
          "hashes": hashes, "sources": sources})
