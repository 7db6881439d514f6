# SPDX-License-Identifier: MIT
"""Tests the sound card with Debian 13's own driver and the players of alsa-utils: the samples that
the guest plays are, bit for bit, in the host's file, and what it records is the content of the
host's file."""

import hashlib
import os
import struct
import tempfile
import wave

from fixtures import debian_overlay
from fixtures.console import Machine, check, main
from fixtures.debian13 import CONSOLE, PROMPT, TROUBLE, await_shell, part, power_off

MODULES = ("virtio_snd",)
FILES = ("usr/lib/ld-linux-*", "usr/lib/*/ld-linux-*", "usr/lib/*/libc.so.6", "usr/lib/*/libm.so.6",
         "usr/lib/*/libasound.so.2*", "usr/share/alsa", "usr/bin/aplay", "usr/bin/arecord",
         "usr/bin/amixer")


def tone(path, hertz, channels, seconds):
    """Writes a WAV file whose samples do not repeat; returns the bytes of the samples."""
    count = int(hertz * seconds) * channels
    samples = b"".join(struct.pack("<h", (n * n * 31 + n * 7) % 65536 - 32768)
                       for n in range(count))
    with wave.open(path, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(hertz)
        file.writeframes(samples)
    return samples


def command_line(baya, folder, initrd, card, options):
    return [baya, "-kernel", part(folder, "vmlinux"), "-initrd", initrd, "-append",
            CONSOLE, "-m", "512M", "-device",
            "virtio-sound-%s,audiodev=a" % card, "-audiodev", options]


def played(path, samples, what):
    """Checks that the host's file has the samples, then silence to the end of a period; returns its
    frames."""
    with wave.open(path, "rb") as file:
        check((file.getframerate(), file.getnchannels(), file.getsampwidth()) == (22050, 2, 2),
              "%s: another format" % what)
        got = file.readframes(file.getnframes())
    start = got.find(samples[:4096])
    check(start == 0, "%s begins at byte %d of %d" % (what, start, len(got)))
    check(got[:len(samples)] == samples, what + " is not what was played")
    check(not any(got[len(samples):]), "%s: something follows" % what)
    return got


def run(baya, folder, log, card, *options):
    """Runs aplay, arecord and amixer; returns the frames in the host's file."""
    with tempfile.TemporaryDirectory() as work:
        samples = tone(work + "/tone.wav", 22050, 2, 1.5)
        source = tone(work + "/source.wav", 16000, 1, 3)
        with open(work + "/tone.wav", "rb") as file:
            initrd = debian_overlay.make(folder, "sound.cpio", MODULES, ["alsa-utils"], FILES,
                                         {"tone.wav": file.read()})
        audio = ("wav,id=a,path=%s/out.wav,out.frequency=22050,in.path=%s/source.wav,"
                 "in.frequency=16000,in.channels=1" % (work, work))
        line = command_line(baya, folder, initrd, card, audio) + list(options)
        with Machine(line, log) as machine:
            await_shell(machine, "1")
            check("VirtIO SoundCard" in machine.command("cat /proc/asound/cards", PROMPT),
                  "there is no card")
            check(machine.command("aplay -q -D hw:0 tone.wav; echo $?", PROMPT) == "0\n", "aplay")
            machine.command("arecord -q -D hw:0 -t raw -f S16_LE -r 16000 -c 1 -s 24000 in.raw",
                            PROMPT)
            got = machine.command("md5sum in.raw", PROMPT).split()[0]
            check(got == hashlib.md5(source[:48000]).hexdigest(), "something else was recorded")
            jacks = machine.command("amixer -c 0 contents", PROMPT)
            check("Line Out Jack" in jacks and "Mic Jack" in jacks and "values=on" in jacks,
                  "jacks: " + jacks)
            check("Playback Channel Map" in jacks, "channel maps: " + jacks)
            check(machine.command("dmesg | grep -Ec '%s|virtio_snd'" % TROUBLE, PROMPT) == "0\n",
                  "the kernel complained")
            power_off(machine)
        return played(work + "/out.wav", samples, "tone.wav")


def alsa(baya, folder, log, card):
    """Tests the card with ALSA, on the virtual clock: the driver buffers 160 ms, and by the host's
    clock a busy host would cause gaps in the recording."""
    run(baya, folder, log, card, "--clock=virtual")


def same(baya, folder, log):
    """Checks that with the virtual clock two runs play the same bytes."""
    runs = [run(baya, folder, log, "device", "--clock=virtual") for _ in range(2)]
    check(runs[0] == runs[1], "two runs differ")


def heard(data):
    """Returns the samples that are not silence, which SDL inserts when it has nothing to play."""
    return [sample for sample, in struct.iter_unpack("<h", data) if sample]


def sdl(baya, folder, log):
    """Tests -audiodev sdl. The loudspeakers and the microphone are files of SDL's disk driver,
    which reads and writes a little faster than real time. A window that cannot be opened does not
    end the sound."""
    with tempfile.TemporaryDirectory() as work:
        samples = tone(work + "/tone.wav", 22050, 2, 1.5)
        source = tone(work + "/source.wav", 16000, 1, 3)
        with open(work + "/source.raw", "wb") as file:
            file.write(source)
        with open(work + "/tone.wav", "rb") as file:
            initrd = debian_overlay.make(folder, "sound.cpio", MODULES, ["alsa-utils"], FILES,
                                         {"tone.wav": file.read()})
        os.environ.update(SDL_AUDIODRIVER="disk", SDL_DISKAUDIOFILE=work + "/out.raw",
                          SDL_DISKAUDIOFILEIN=work + "/source.raw", SDL_DISKAUDIODELAY="40",
                          SDL_VIDEODRIVER="x11", DISPLAY=":4095")
        audio = "sdl,id=a,in.channels=1"  # the rates are the guest's to choose
        line = command_line(baya, folder, initrd, "device", audio) + ["-display", "sdl"]
        with Machine(line, log) as machine:
            machine.expect("no window: ")
            await_shell(machine, "1")
            said = machine.command("aplay -q -D hw:0 tone.wav; echo $?", PROMPT)
            check(said.endswith("\n0\n"), "aplay: " + said)  # may follow lines of SDL
            machine.command("arecord -q -D hw:0 -t raw -f S16_LE -r 16000 -c 1 -s 24000 in.raw",
                            PROMPT)
            recorded = machine.command("xxd -p -c 32 in.raw", PROMPT)
            power_off(machine)
        with open(work + "/out.raw", "rb") as file:
            check(heard(file.read()) == heard(samples), "something else was heard")
        recorded = heard(bytes.fromhex(recorded.replace("\n", "")))[:2000]
        check(len(recorded) == 2000 and recorded == heard(source)[:2000],
              "something else was recorded")


def errors(baya, _, log):
    """Checks that a sound option that cannot work is reported in one line."""
    card = ["-device", "virtio-sound-device,audiodev=a", "-audiodev"]
    lines = (
        (card + ["none,id=b"], 2, "no -audiodev has this id"),
        (card + ["wav,id=a"], 2, "path=FILE"),
        (card + ["none,id=a,out.frequency=1"], 2, "44100|"),
        (card + ["none,id=a,out.channels=9"], 2, "1 to 8"),
        (card + ["wav,id=a,path=/nowhere/out.wav"], 3, "cannot write sound to"),
        (card + ["wav,id=a,in.path=/nowhere/in.wav"], 3, "No such file"),
        (card + ["wav,id=a,in.path=" + os.path.abspath(__file__)], 3, "not a WAV file"),
        (["-device", "virtio-sound-device"], 2, "needs audiodev=ID"),
    )
    for words, code, text in lines:
        with Machine([baya] + words, log) as machine:
            machine.expect(text.replace("|", r"\|"))
            machine.wait(code)


if __name__ == "__main__":
    main({"alsa": alsa, "same": same, "sdl": sdl, "errors": errors})
