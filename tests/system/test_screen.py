# SPDX-License-Identifier: MIT
"""
Tests Baya's window under Xvfb: keys and pointer by xdotool, and the window's pixels, which are
compared with what the guest drew and with the monitor's screendump.
"""

import contextlib
import ctypes
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from fixtures.bundled import PROMPT, await_end, await_power_key, await_shell, booted, power_off
from fixtures.console import Machine, Skipped, check, main, need
from fixtures.debian13 import part
from fixtures.desktop import (HEIGHT, SIZE, WIDTH, Desktop, Scaled, await_drawn, await_pixels,
                              await_window, check_keys, check_pointer, devices, draw, drawn,
                              has_size, pointer_image, press_close, read_ppm, screendump,
                              until, watch, window_pixels, xdotool)

PTRACE_ATTACH, PTRACE_DETACH = 16, 17  # of Linux's sys/ptrace.h
WAIT_ALL = 0x40000000  # __WALL: also for threads
GRABBED = " - Ctrl-Alt-g frees keyboard and mouse"


def window_test(baya, folder, log, screen):
    """Types, points, draws, and closes the window."""
    picture = log + ".ppm"
    with Desktop(), Machine([baya, "-display", "sdl", "-name", "Test", *devices(screen)],
                            log) as machine:
        await_shell(machine)
        window = await_window("Test")
        machine.command("echo 0 >/sys/class/graphics/fbcon/cursor_blink", PROMPT)
        check_keys(machine)
        check_pointer(machine, window)
        draw(machine)
        expected = (WIDTH, HEIGHT, drawn(WIDTH * HEIGHT))
        until(lambda: screendump(machine, picture) == expected, "screendump is not what was drawn")
        await_pixels(window, expected, "the window is not what was drawn")
        check_close(machine, window)


def check_close(machine, window):
    """Checks that closing the window presses the guest's power key, and that, if that has no
    effect, closing it again ends Baya."""
    machine.command("rm /etc/acpi/PWRF/*", PROMPT)
    watch(machine, 0)
    press_close(window)
    machine.expect("\\b1 116 1\r*\n")
    until(lambda: "asked the guest" in xdotool("getwindowname", window), "the title says nothing")
    press_close(window)
    machine.wait(0)


def scaled(width, height, times):
    """Returns a view of the pattern that draw() draws, each pixel `times` as wide and high, with a
    black border."""
    view = bytearray(width * height * 3)
    left, top = (width - WIDTH * times) // 2, (height - HEIGHT * times) // 2
    picture = drawn(WIDTH * HEIGHT)
    for y in range(HEIGHT * times):
        row = picture[y // times * WIDTH * 3:(y // times + 1) * WIDTH * 3]
        wide = b"".join(row[x:x + 3] * times for x in range(0, len(row), 3))
        at = ((top + y) * width + left) * 3
        view[at:at + len(wide)] = wide
    return width, height, bytes(view)


def resize(window, width, height):
    """Returns whether the window gets the size and keeps it. Shortly after full-screen mode ends,
    the window manager may still restore the earlier size."""
    xdotool("windowsize", window, width, height)
    time.sleep(1)
    return has_size(window, width, height)


def keys_test(baya, folder, log):
    """Tests Baya's own keys: full screen, whole-number scaling, original size, grab; and the
    titles."""
    title = "Test"
    with Desktop(managed=True), Machine([baya, "-display", "sdl", "-name", title,
                                      *devices("virtio-gpu-device")], log) as machine:
        await_shell(machine)
        window = await_window(title)
        machine.command("echo 0 >/sys/class/graphics/fbcon/cursor_blink", PROMPT)
        draw(machine)
        await_pixels(window, scaled(WIDTH, HEIGHT, 1), "not what was drawn")
        xdotool("key", "ctrl+alt+f")
        until(lambda: has_size(window, 1600, 1200), "not the full screen")
        await_drawn(machine, window, scaled(1600, 1200, 2), "not twice what was drawn")
        xdotool("key", "ctrl+alt+f")
        until(lambda: has_size(window, WIDTH, HEIGHT), "the full screen for ever")
        until(lambda: resize(window, 1000, 700), "no other size")
        xdotool("key", "ctrl+alt+s")
        await_drawn(machine, window, scaled(1000, 700, 1), "not scaled by one")
        xdotool("key", "ctrl+alt+u")
        until(lambda: has_size(window, WIDTH, HEIGHT), "not its own size")
        check_titles(machine, window, title)
        await_power_key(machine)
        press_close(window)
        await_end(machine)


def paused_test(baya, folder, log):
    """Checks that the title shows that a machine has not begun to run."""
    with Desktop(), Machine([baya, "-display", "sdl", "-S", "-name", "Test", "-monitor", "none"],
                            log) as machine:
        until(lambda: xdotool("search", "--name", "^Test - paused$"), "the title says nothing")
        machine.process.terminate()
        machine.wait(-signal.SIGTERM)


def turns(machine):
    """Returns how often each thread has waited."""
    counts = {}
    tasks = "/proc/%d/task" % machine.process.pid
    for thread in os.listdir(tasks):
        with open("%s/%s/status" % (tasks, thread), encoding="ascii") as file:
            counts[thread] = re.search(r"\nvoluntary_ctxt_switches:\s*(\d+)", file.read()).group(1)
    return counts


def sleeps(machine):
    """Returns whether no thread ran for a second. `until` asks again, as the desktop may send an
    event."""
    before = turns(machine)
    time.sleep(1)
    return turns(machine) == before


def check_titles(machine, window, title):
    """Checks the titles while the pointer is grabbed or not, and the machine is paused or runs."""
    def says(text):
        until(lambda: xdotool("getwindowname", window) == text, "the title is not '%s'" % text)
    says(title)
    xdotool("key", "ctrl+alt+g")
    says(title + GRABBED)
    machine.type("\x01c")
    machine.expect(r"\(baya\) ")
    machine.type("stop\n")
    says(title + " - paused" + GRABBED)
    xdotool("key", "ctrl+alt+g")
    says(title + " - paused")
    until(lambda: sleeps(machine), "a window that nothing happens in is busy")
    machine.type("cont\n")
    says(title)
    machine.type("\x01c\n")
    machine.expect(PROMPT)


def moved(machine, x, y):
    """Waits until the guest's mouse has moved by these distances since the last call, in one step
    or several."""
    sums = [0, 0]
    while sums != [x, y]:
        machine.expect(r"\b2 (?=[01] )")
        code, value = map(int, machine.expect(r"\r*\n").split())
        sums[code] += value
        check(abs(sums[0]) <= abs(x) and abs(sums[1]) <= abs(y), "it moved by %d, %d" % tuple(sums))


def pointer():
    """Returns the pointer's place on the desktop."""
    return tuple(map(int, re.findall(r"[xy]:(\d+)", xdotool("getmouselocation"))))


def mouse_test(baya, folder, log):
    """Checks that a mouse works while it is grabbed, by a click or Ctrl-Alt-g, and then stays in
    the window."""
    with Desktop(managed=True), Machine(
            [baya, "-display", "sdl", "-name", "Test", "-device", "virtio-gpu-device" + SIZE,
             "-device", "virtio-keyboard-device", "-device", "virtio-mouse-device"], log) as machine:
        await_shell(machine)
        window = await_window("Test")
        watch(machine, 1)
        xdotool("mousemove", "--window", window, 100, 100)
        xdotool("click", 1)
        until(lambda: GRABBED in xdotool("getwindowname", window), "the click took no mouse")
        xdotool("mousemove_relative", 10, 7)
        moved(machine, 10, 7)
        for _ in range(40):
            xdotool("mousemove_relative", 60, 45)
        moved(machine, 2400, 1800)
        xdotool("mousemove_relative", "--", -3, -4)
        moved(machine, -3, -4)
        place = pointer()
        check(0 <= place[0] < WIDTH + 2 and 0 <= place[1] < HEIGHT + 50, "it left: %d,%d" % place)
        xdotool("click", 3)
        machine.expect("\\b1 273 1\r*\n")
        machine.expect("\\b1 273 0\r*\n")
        xdotool("key", "ctrl+alt+g")
        until(lambda: xdotool("getwindowname", window) == "Test", "it is not freed")
        xdotool("mousemove", 1500, 1100)
        check(pointer() == (1500, 1100), "it is held in the window")
        xdotool("key", "ctrl+alt+g")
        until(lambda: GRABBED in xdotool("getwindowname", window), "the keys took no mouse")
        xdotool("mousemove_relative", 1, 2)
        moved(machine, 1, 2)
        power_off(machine)


def outputs_test(baya, folder, log):
    """Tests two outputs, each in a window; the guest shows the same picture on both."""
    with Desktop(), Machine([baya, "-display", "sdl", "-name", "Test", "-device",
                             "virtio-gpu-device,max_outputs=2" + SIZE, "-device",
                             "virtio-keyboard-device", "-device", "virtio-tablet-device"],
                            log) as machine:
        await_shell(machine)
        first, second = await_window("^Test$"), await_window("^Test, screen 2$")
        xdotool("windowmove", second, WIDTH, 0)
        machine.command("echo 0 >/sys/class/graphics/fbcon/cursor_blink", PROMPT)
        draw(machine)
        for window in (first, second):
            await_pixels(window, scaled(WIDTH, HEIGHT, 1), "not what was drawn")
        power_off(machine)


def scale_test(baya, folder, log):
    """Checks that on a desktop with two pixels to a point each way the guest's pixels are the
    screen's."""
    with Desktop(), Scaled(log, 2) as desktop:
        with booted([baya, "-display", "sdl", *devices("virtio-gpu-device")], log) as machine:
            machine.command("echo 0 >/sys/class/graphics/fbcon/cursor_blink", PROMPT)
            xdotool("windowfocus", "--sync", desktop.window)
            check_keys(machine)
            check_pointer(machine, desktop.window)
            xdotool("mousemove", WIDTH - 1, HEIGHT - 1)
            draw(machine)
            seen = WIDTH * (HEIGHT - 8) * 3  # without the last rows, where Weston draws the pointer
            until(lambda: window_pixels(desktop.window)[2][:seen] == drawn(WIDTH * HEIGHT)[:seen],
                  "not what was drawn")
        with booted([baya, "-display", "sdl", "-device", "virtio-gpu-device,xres=640,yres=480"],
                    log) as machine:
            machine.command("cd /sys/class/drm/card0-Virtual-1", PROMPT)
            best = "echo detect >status; head -n 1 modes"
            until(lambda: machine.command(best, PROMPT) == "%dx%d\n" % (WIDTH, HEIGHT),
                  "the guest is not told of the window's pixels")


@contextlib.contextmanager
def held(machine):
    """Stops all threads except the main one, which runs the machine."""
    library = ctypes.CDLL(None, use_errno=True)
    library.ptrace.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p]
    threads = {int(thread) for thread in os.listdir("/proc/%d/task" % machine.process.pid)}
    threads.remove(machine.process.pid)
    check(threads, "the window has no thread")
    for thread in threads:
        if library.ptrace(PTRACE_ATTACH, thread, None, None):
            raise Skipped("ptrace: " + os.strerror(ctypes.get_errno()))
        os.waitpid(thread, WAIT_ALL)
    yield
    for thread in threads:
        library.ptrace(PTRACE_DETACH, thread, None, None)


def lost_test(baya, folder, log):
    """Checks that the machine continues when the X server ends."""
    desktop = Desktop()
    with desktop, Machine([baya, "-display", "sdl", "-name", "Test", *devices("virtio-gpu-device")],
                          log) as machine:
        await_shell(machine)
        window = await_window("Test")
        machine.command("echo 0 >/sys/class/graphics/fbcon/cursor_blink", PROMPT)
        draw(machine)
        # Only now has the window been opened completely: Baya takes precautions against the
        # server's end after SDL has shown the window.
        await_pixels(window, scaled(WIDTH, HEIGHT, 1), "not what was drawn")
        with held(machine):  # so the machine's thread is the first to notice the end
            desktop.server.terminate()
            desktop.server.wait()
            machine.command("dd if=/tmp/p of=/dev/fb0 bs=4096 count=1; usleep 300000", PROMPT)
        machine.expect("baya: -display sdl: the desktop is gone; the machine runs without\r*\n")
        draw(machine)
        power_off(machine)


def ended_test(baya, folder, log):
    """Ends the X server while the window is drawn by OpenGL; then Baya must end when it is told
    to."""
    desktop = Desktop()
    for name in ("SDL_RENDER_DRIVER", "SDL_FRAMEBUFFER_ACCELERATION"):
        os.environ.pop(name)
    with desktop, Machine([baya, "-display", "sdl", "-name", "Test", *devices("virtio-gpu-device")],
                          log) as machine:
        await_shell(machine)
        await_window("Test")
        desktop.server.terminate()
        desktop.server.wait()
        machine.expect("baya: -display sdl: the desktop is gone; the machine runs without\r*\n")
        machine.process.terminate()
        machine.wait(-signal.SIGTERM)


def cursor_test(baya, folder, log):
    """
    Checks that a cursor on the first screen's cursor plane is shown in that screen's window alone,
    to the pixel, while the program that shows it runs.
    """
    side = 64
    pixels = [0xff000000 | x << 18 | y << 10 | 0x5a if x <= y else 0
              for y in range(side) for x in range(side)]
    with tempfile.TemporaryDirectory() as share, Desktop(), \
            Machine([baya, "-display", "sdl", "-name", "Test", "-virtfs",
                     "local,path=%s,mount_tag=host,security_model=none" % share,
                     *devices("virtio-gpu-device,max_outputs=2")], log) as machine:
        subprocess.run(["riscv64-linux-gnu-gcc", "-O1", "-static", "-o", share + "/show",
                        os.path.join(os.path.dirname(__file__), "programs/show_cursor.c")], check=True)
        await_shell(machine)
        first, second = await_window("^Test$"), await_window("^Test, screen 2$")
        xdotool("windowmove", second, WIDTH, 0)
        xdotool("mousemove", "--window", first, WIDTH // 2, HEIGHT // 2)
        before = pointer_image()
        machine.command("mount -t 9p -o trans=virtio host /mnt", PROMPT)
        machine.type("/mnt/show &\n")
        machine.expect("the cursor is shown\r*\n")
        for window, image in ((first, (side, side, 5, 9, pixels)), (second, before),
                              (first, (side, side, 5, 9, pixels))):
            xdotool("mousemove", "--window", window, WIDTH // 2, HEIGHT // 2)
            until(lambda: pointer_image() == image, "the pointer looks otherwise")
        machine.command("kill $!", PROMPT)
        until(lambda: pointer_image() == before, "the cursor is there for ever")
        power_off(machine)


def efi_test(baya, folder, log):
    """Checks that Debian's EDK2 shows its shell on ramfb, and gets a command from the serial
    port."""
    variables = log + ".variables"
    shutil.copyfile(part(folder, "efi.variables"), variables)
    with Machine([baya, "-m", "1G", "-device", "ramfb", "-drive",
                  "if=pflash,unit=0,format=raw,readonly=on,file=" + part(folder, "efi.code"),
                  "-drive", "if=pflash,unit=1,format=raw,file=" + variables], log) as machine:
        machine.expect("any other key to continue")
        machine.type("\x1b")
        machine.expect("Shell> ")
        before = screendump(machine, log + ".ppm")
        check(before[:2] == (800, 600), "the screen is %dx%d" % before[:2])
        check(any(before[2]), "nothing is on the screen")
        machine.type("cls 1\r")  # sets a blue background
        blue = bytes((0, 0, 0x98))
        until(lambda: screendump(machine, log + ".ppm")[2][-3:] == blue, "the screen is not blue")
    os.remove(variables)


def edid_test(baya, folder, log):
    """Checks the EDID that the guest reads, with a program that decodes it."""
    need({"edid-decode": "edid-decode"})
    with booted([baya, *devices("virtio-gpu-device,dpi=192")], log) as machine:
        digits = machine.command("hexdump -v -e '1/1 \"%02x\"' "
                                 "/sys/class/drm/card0-Virtual-1/edid; echo", PROMPT)
        done = subprocess.run(["edid-decode", "--check"], input=bytes.fromhex(digits.strip()),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        with open(log, "ab") as file:
            file.write(done.stdout)
        check(done.returncode == 0, "edid-decode objects")
        check(b" %dx%d " % (WIDTH, HEIGHT) in done.stdout, "the size is not told")
        size = b"(%d mm x %d mm)" % (WIDTH * 25.4 // 192, HEIGHT * 25.4 // 192)
        check(size in done.stdout, "nor that it is %s" % size)
    with booted([baya, "-device", "virtio-gpu-device,xres=5120,yres=2880"], log) as machine:
        got = machine.command("cat /sys/class/graphics/fb0/virtual_size", PROMPT)
        check(got == "5120,2880\n", "a large screen is of %s" % got)
        digits = machine.command("hexdump -v -e '1/1 \"%02x\"' "
                                 "/sys/class/drm/card0-Virtual-1/edid; echo", PROMPT)
        done = subprocess.run(["edid-decode"], input=bytes.fromhex(digits.strip()),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        check(b"DTD:  5120x2880 " in done.stdout, "the size is not told")


def monitor_test(baya, folder, log, screen):
    """Tests a machine without a window: keys and pictures by the monitor."""
    with Machine([baya, *devices(screen)], log) as machine:
        await_shell(machine)
        machine.command("echo 0 >/sys/class/graphics/fbcon/cursor_blink", PROMPT)
        for keys in ("e", "c", "h", "o", "spc", "minus", "shift-v", "spc", "shift-dot", "slash",
                     "d", "e", "v", "slash", "t", "t", "y", "shift-s", "0", "ret"):
            machine.type("\x01c")
            machine.expect(r"\(baya\) ")
            machine.type("sendkey %s 20\n" % keys)
            machine.expect(r"\n\(baya\) ")
            machine.type("\x01c")
        machine.expect("-V\r*\n")
        machine.type("\n")
        draw(machine)
        expected = (WIDTH, HEIGHT, drawn(WIDTH * HEIGHT))
        until(lambda: screendump(machine, log + ".ppm") == expected,
              "screendump is not what was drawn")
        await_power_key(machine)
        machine.type("\x01c")
        machine.expect(r"\(baya\) ")
        machine.type("system_powerdown\n")
        await_end(machine)


def picture_test(baya, folder, log, screen):
    """Checks that with the virtual clock the picture after a number of instructions is the same in
    each run and in both engines."""
    pictures = []
    for engine in ("threaded", "interp", "threaded"):
        path = log + ".ppm"
        with Machine([baya, "-device", screen + SIZE, "--clock=virtual", "--max-insns=90000000",
                      "--engine=" + engine, "-monitor", "none", "--screenshot=" + path],
                     log) as machine:
            machine.wait(4)
        with open(path, "rb") as file:
            pictures.append(read_ppm(file.read()))
    check(any(pictures[0][2]), "nothing is on the screen")
    check(pictures[0] == pictures[1] == pictures[2], "the pictures differ")


def fallback_test(baya, folder, log):
    """Checks that a display that cannot be opened is reported in a line, and that the machine runs
    without it."""
    for name in ("WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        os.environ.pop(name, None)
    os.environ["DISPLAY"] = ":4095"
    for driver in ({}, {"SDL_VIDEODRIVER": "x11"}):
        os.environ.update(driver)
        with Machine([baya, "-display", "sdl"], log) as machine:
            machine.expect("baya: -display sdl: no window: .*; the machine runs without\r*\n")
            await_shell(machine)
            power_off(machine)


if __name__ == "__main__":
    main({"window": window_test, "keys": keys_test, "mouse": mouse_test, "paused": paused_test, "outputs": outputs_test,
          "scale": scale_test, "edid": edid_test, "lost": lost_test, "ended": ended_test, "efi": efi_test, "cursor": cursor_test, "monitor": monitor_test,
          "picture": picture_test, "fallback": fallback_test})
