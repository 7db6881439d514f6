# SPDX-License-Identifier: MIT
"""
A person at a desktop: an X server without a screen (Xvfb), windows on it, keys and pointer by
xdotool; what a guest draws, and what of it is seen in a window and by the monitor's screendump.
"""

import ctypes
import os
import re
import shutil
import subprocess
import tempfile
import time

from bundled import PROMPT
from console import PATIENCE, Failed, Skipped, check

WIDTH, HEIGHT = 800, 600
SIZE = ",xres=%d,yres=%d" % (WIDTH, HEIGHT)
UNITS = " ".join(["1/4 \"%u \""] * 4 + ["1/2 \"%u \""] * 2 + ["1/4 \"%d\\n\""])
EVENTS = "hexdump -v -e '" + UNITS + "' /dev/input/event"
TOOLS = {"Xvfb": "xvfb", "xdotool": "xdotool", "import": "imagemagick"}


def need(tools):
    """Skip the test where a program is missing; tools: by name, the packages they are in."""
    for tool, package in tools.items():
        if not shutil.which(tool):
            raise Skipped("%s is not installed" % package)


class Desktop:
    """An X server, with openbox if windows are to be managed; gone on leaving, whatever happened.
    Without -noreset it would throw out who comes while the last one goes. No key is repeated: on a
    busy host one that xdotool presses is held for long. It outlasts what tests wait for, and
    no screen saver blanks it meanwhile."""

    def __init__(self, managed=False):
        need(TOOLS)
        if managed:
            need({"openbox": "openbox"})
        reader, writer = os.pipe()
        self.server = subprocess.Popen(["timeout", "-k", "1", str(PATIENCE + 300), "Xvfb", "-r",
                                        "-noreset", "-s", "0", "-displayfd", str(writer),
                                        "-screen", "0", "1600x1200x24"], pass_fds=[writer],
                                       stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as file:
            number = file.readline().strip()
        check(number, "Xvfb does not start")
        os.environ["DISPLAY"] = ":" + number
        os.environ["SDL_VIDEODRIVER"] = "x11"
        os.environ["SDL_RENDER_DRIVER"] = "software"
        os.environ["SDL_FRAMEBUFFER_ACCELERATION"] = "0"
        self.manager = self.manage() if managed else None

    @staticmethod
    def manage():
        """A window that comes before it is ready is shown to nobody, and SDL waits for that."""
        with tempfile.TemporaryDirectory() as place:
            ready = os.path.join(place, "ready")
            manager = subprocess.Popen(["openbox", "--startup", "touch " + ready],
                                       stderr=subprocess.DEVNULL)
            until(lambda: os.path.exists(ready), "openbox does not start")
        return manager

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.manager:
            self.manager.terminate()
            self.manager.wait()
        self.server.terminate()
        self.server.wait()


class Scaled:
    """On a Desktop, one with `scale` pixels to a point each way: Weston, which shows one program
    in all of its window of WIDTH times HEIGHT pixels. Programs come to it by Wayland."""

    def __init__(self, log, scale):
        need({"weston": "weston"})
        self.place = tempfile.TemporaryDirectory()
        os.environ.update(XDG_RUNTIME_DIR=self.place.name, WAYLAND_DISPLAY="baya",
                          SDL_VIDEODRIVER="wayland")
        for name in ("SDL_RENDER_DRIVER", "SDL_FRAMEBUFFER_ACCELERATION"):
            os.environ.pop(name, None)
        self.log = open(log + ".weston", "wb")
        self.server = subprocess.Popen(
            ["timeout", "-k", "1", str(PATIENCE + 300), "weston", "--no-config", "--backend=x11-backend.so",
             "--use-pixman", "--shell=kiosk-shell.so", "--idle-time=0", "--socket=baya",
             "--width=%d" % (WIDTH // scale), "--height=%d" % (HEIGHT // scale),
             "--scale=%d" % scale], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.window = await_window("weston", by="--class")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()
        self.log.close()
        self.place.cleanup()


def run(*argv):
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    return done.stdout


def xdotool(*arguments):
    return run("xdotool", *map(str, arguments)).decode().strip()


def devices(screen):
    """A screen of this name, a keyboard and a tablet."""
    return ["-device", screen + SIZE, "-device", "virtio-keyboard-device",
            "-device", "virtio-tablet-device"]


def until(question, what):
    """Ask until the answer is not false; return it."""
    started = time.monotonic()
    while time.monotonic() - started < PATIENCE:
        answer = question()
        if answer:
            return answer
        time.sleep(0.1)
    raise Failed(what)


def has_size(window, width, height):
    return "Geometry: %dx%d" % (width, height) in xdotool("getwindowgeometry", window)


def await_window(title, width=WIDTH, height=HEIGHT, by="--name"):
    """The window of that title once it has its size; it gets the keyboard."""
    def find():
        for window in xdotool("search", by, title).split():
            if has_size(window, width, height):
                return window
        return None
    window = until(find, "no window '%s' of %dx%d" % (title, width, height))
    xdotool("windowmove", window, 0, 0)
    xdotool("windowfocus", "--sync", window)
    return window


def type_keys(line):
    """At the X server's keyboard, into the window that has it."""
    xdotool("type", "--delay", 20, line)
    xdotool("key", "Return")


class ClientMessage(ctypes.Structure):
    """Xlib's XClientMessageEvent, as long as an XEvent."""
    _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int),
                ("display", ctypes.c_void_p), ("window", ctypes.c_ulong),
                ("message_type", ctypes.c_ulong), ("format", ctypes.c_int),
                ("data", ctypes.c_long * 5), ("padding", ctypes.c_long * 12)]


def press_close(window):
    """Sends what a window manager sends when a window's close button is pressed."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.restype = ctypes.c_ulong
    x11.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    x11.XSendEvent.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_long,
                               ctypes.c_void_p]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    display = x11.XOpenDisplay(None)
    event = ClientMessage(type=33, window=int(window), format=32)
    event.message_type = x11.XInternAtom(display, b"WM_PROTOCOLS", 0)
    event.data[0] = x11.XInternAtom(display, b"WM_DELETE_WINDOW", 0)
    x11.XSendEvent(display, int(window), 0, 0, ctypes.byref(event))
    x11.XCloseDisplay(display)


class CursorImage(ctypes.Structure):
    """Xfixes' XFixesCursorImage."""
    _fields_ = [("x", ctypes.c_short), ("y", ctypes.c_short), ("width", ctypes.c_ushort),
                ("height", ctypes.c_ushort), ("hot_x", ctypes.c_ushort), ("hot_y", ctypes.c_ushort),
                ("serial", ctypes.c_ulong), ("pixels", ctypes.POINTER(ctypes.c_ulong))]


def pointer_image():
    """Returns the pointer's look: width, height, hot spot, pixels as 0xAARRGGBB."""
    x11, fixes = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXfixes.so.3")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    fixes.XFixesQueryExtension.argtypes = [ctypes.c_void_p] * 3
    fixes.XFixesGetCursorImage.argtypes = [ctypes.c_void_p]
    fixes.XFixesGetCursorImage.restype = ctypes.POINTER(CursorImage)
    display = x11.XOpenDisplay(None)
    events, errors = ctypes.c_int(), ctypes.c_int()
    fixes.XFixesQueryExtension(display, ctypes.byref(events), ctypes.byref(errors))
    image = fixes.XFixesGetCursorImage(display).contents
    found = (image.width, image.height, image.hot_x, image.hot_y,
             [image.pixels[n] & 0xffffffff for n in range(image.width * image.height)])
    x11.XCloseDisplay(display)
    return found


def read_ppm(data):
    """(width, height, bytes) of a binary PPM."""
    head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", data)
    check(head, "no picture")
    return int(head.group(1)), int(head.group(2)), data[head.end():]


def window_pixels(window):
    return read_ppm(run("import", "-window", window, "-depth", "8", "ppm:-"))


def differences(picture, expected):
    """One line that tells in what two pictures (width, height, bytes) differ."""
    if picture[:2] != expected[:2]:
        return "%dx%d pixels instead of %dx%d" % (*picture[:2], *expected[:2])
    wrong = [at for at, (is_, should) in enumerate(zip(picture[2], expected[2])) if is_ != should]
    rows, columns = divmod(wrong[0] // 3, picture[0]) if wrong else (0, 0)
    return "%d other bytes, the first at (%d, %d)" % (len(wrong), columns, rows)


def await_pixels(window, expected, what, prepare=lambda: None):
    """Until the window has this picture (width, height, bytes); `prepare` is called before each
    look at it."""
    def looks_right():
        prepare()
        return window_pixels(window) == expected
    try:
        until(looks_right, what)
    except Failed:
        raise Failed("%s: %s" % (what, differences(window_pixels(window), expected))) from None


def screendump(machine, path):
    """The monitor's, in the middle of a shell's session."""
    machine.type("\x01c")
    machine.expect(r"\(baya\) ")
    machine.type("screendump %s\n" % path)
    machine.expect(r"\n\(baya\) ")
    machine.type("\x01c")
    with open(path, "rb") as file:
        return read_ppm(file.read())


def draw(machine):
    """A pattern, doubled until it fills the screen, on which no shell greets any more."""
    machine.command("until [ -e /run/greeted/dev/tty1 ]; do usleep 10000; done", PROMPT)
    machine.command("echo Baya. >/tmp/p; for i in $(seq 19); do cat /tmp/p /tmp/p >/tmp/q; "
                    "mv /tmp/q /tmp/p; done", PROMPT)
    draw_again(machine)


def draw_again(machine):
    """The same pattern once more."""
    machine.command("dd if=/tmp/p of=/dev/fb0 bs=%d count=1" % (WIDTH * HEIGHT * 4), PROMPT)


def await_drawn(machine, window, expected, what):
    """Until a window that has got another size has this picture. Linux's driver then turns the
    screen off, until the picture changes again: what was drawn just before is not shown."""
    await_pixels(window, expected, what, lambda: draw_again(machine))


def drawn(count):
    """Returns what draw() puts into so many pixels, of which the fourth byte is not shown."""
    data = (b"Baya.\n" * (count * 4 // 6 + 1))[:count * 4]
    rows = bytearray(count * 3)
    rows[0::3], rows[1::3], rows[2::3] = data[2::4], data[1::4], data[0::4]
    return bytes(rows)


def watch(machine, number):
    """From now on the guest prints what its n-th input device says."""
    machine.command("%s%d &" % (EVENTS, number), PROMPT)
    machine.command("while ! ls -l /proc/$!/fd | grep -q event; do :; done", PROMPT)


def unwatch(machine, last):
    """No more, behind the report with this event: nothing is to come between what is typed now."""
    machine.expect(last + "\r*\n")
    machine.expect("\\b0 0 0\r*\n")
    machine.command("kill $!", PROMPT)


def end_repeats(machine):
    """The guest's kernel repeats no key of event0 any more: on a busy host a key that is typed looks
    held. The struct input_event says EV_REP (20), REP_DELAY (0), 0; its time may be anything."""
    machine.command("printf '%s\\24\\0\\0\\0\\0\\0\\0\\0' >/dev/input/event0" % ("." * 16), PROMPT)


def check_keys(machine):
    """Keys typed into the window reach the guest's shell on its screen, tty1."""
    end_repeats(machine)
    type_keys("echo keys $((6*7)) >/dev/ttyS0")
    machine.expect("keys 42\r\n")
    type_keys("echo 'aZ09!@#$%^&*()_+-=[]{};:,.<>/?|~`' >/dev/ttyS0")
    machine.expect(re.escape("aZ09!@#$%^&*()_+-=[]{};:,.<>/?|~`"))


def check_pointer(machine, window):
    """To a place, a click and the wheel: what the guest's tablet says."""
    watch(machine, 1)
    xdotool("mousemove", "--window", window, WIDTH // 4, HEIGHT // 4)
    xdotool("click", 1)
    for code, place in ((0, WIDTH // 4 * 0x7fff / (WIDTH - 1)),
                         (1, HEIGHT // 4 * 0x7fff / (HEIGHT - 1))):
        machine.expect(r"\b3 %d " % code)
        value = int(machine.expect(r"\r*\n"))
        check(abs(value - place) <= 1, "axis %d is at %d, not %d" % (code, value, place))
    machine.expect("\\b1 272 1\r*\n")
    machine.expect("\\b1 272 0\r*\n")
    xdotool("click", 4)
    unwatch(machine, "\\b2 8 1")
