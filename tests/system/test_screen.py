# SPDX-License-Identifier: MIT
"""
Baya's window under Xvfb: keys and pointer by xdotool, the window's pixels compared with what the
guest drew and what screendump says.
"""

import os

from bundled import PROMPT, await_shell, power_off
from console import Machine, check, main
from desktop import (HEIGHT, SIZE, WIDTH, Desktop, await_window, check_keys, check_pointer, devices,
                     draw, drawn, press_close, read_ppm, screendump, until, watch, window_pixels,
                     xdotool)


def window_test(baya, folder, log, screen):
    """Type, point, draw, close."""
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
        until(lambda: window_pixels(window) == expected, "the window is not what was drawn")
        check_close(machine, window)


def check_close(machine, window):
    """Closing presses the guest's power key; closing again ends it."""
    watch(machine, 0)
    press_close(window)
    machine.expect("\\b1 116 1\r*\n")
    until(lambda: "asked the guest" in xdotool("getwindowname", window), "the title says nothing")
    press_close(window)
    machine.wait(0)


def monitor_test(baya, folder, log, screen):
    """Without a window: keys of the monitor's, and pictures by it."""
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
        power_off(machine)


def picture_test(baya, folder, log, screen):
    """With the virtual clock the same picture at the same instruction, in both tiers."""
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
    """A display that cannot be opened costs a line, not the machine."""
    os.environ["SDL_VIDEODRIVER"] = "x11"
    os.environ["DISPLAY"] = ":4095"
    with Machine([baya, "-display", "sdl"], log) as machine:
        machine.expect("baya: -display sdl: no window: .*; the machine runs without\r*\n")
        await_shell(machine)
        power_off(machine)


if __name__ == "__main__":
    main({"window": window_test, "monitor": monitor_test, "picture": picture_test,
          "fallback": fallback_test})
