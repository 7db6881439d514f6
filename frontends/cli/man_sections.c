/* SPDX-License-Identifier: MIT */
/* See man_sections.h. */
#include "frontends/cli/man_sections.h"

#include "bus/base.h"

const struct man_section man_sections[] = {
	{ "ENVIRONMENT", {
		{ "HOME", "the folder in which the next three are, unless they are set" },
		{ "XDG_CONFIG_HOME", "the folder of baya/baya.conf; ~/.config if it is not set" },
		{ "XDG_DATA_HOME", "the folder of baya/debian, with the disk of baya get debian and "
				   "baya run debian; ~/.local/share if it is not set" },
		{ "XDG_CACHE_HOME", "the folder of baya/debian, with packages that baya get debian has "
				    "fetched; ~/.cache if it is not set" },
		{ "DEBIAN13_SOURCES", "the folder in which baya get debian finds apt's list of mirrors; "
				      "/etc/apt if it is not set" },
		{ "DEBIAN13_SUITE", "the suite that baya get debian installs; trixie if it is not set" },
		{ "TMPDIR", "the folder for what a guest writes to a disk with snapshot=on; /var/tmp "
			    "if it is not set or empty" },
		{ "TERM", "the terminal, which baya run debian tells its guest; if it is dumb or is not "
			  "set, baya test writes no colours and no progress" },
		{ "NO_COLOR", "if it is not empty, results of baya test have no colours" },
		{ "TZ", "the time zone of -rtc base=localtime, and of the dates that info snapshots "
			"shows and savevm names snapshots by" },
		{ "DISPLAY, WAYLAND_DISPLAY", "the X server and the Wayland compositor for -display "
					      "sdl" },
		{ "SDL_VIDEODRIVER", "the video driver of SDL for -display sdl, such as x11, wayland, or "
				     "dummy, which shows nothing; if it is not set, SDL chooses one" },
		{ "SDL_AUDIODRIVER", "the audio driver of SDL for -audiodev sdl, such as pulseaudio, alsa, "
				     "or dummy, which plays nothing; if it is not set, SDL chooses one" },
		{ 0 },
	} },
	{ "FILES", {
		{ "~/.config/baya/baya.conf", "options of the user's, as for -readconfig, which come "
					      "first; -no-user-config leaves them out" },
		{ "~/.local/share/baya/debian", "the disk and kernel of baya run debian" },
		{ "share/baya, beside the folder of the program",
		  "the bundled Linux, the cores of --core, and what baya get runs" },
		{ "share/doc/baya, beside the folder of the program",
		  "the documentation, as in Baya's sources: docs/README.md is its list of pages" },
		{ 0 },
	} },
	{ "AUTHORS", { { NULL, "The Baya authors." }, { 0 } } },
	{ "COPYRIGHT", {
		{ NULL, "Copyright (c) 2026 The Baya authors. Baya is under the MIT licence. The bundled "
			"Linux and BusyBox are programs of their own, under the GPL, version 2, and "
			"BusyBox contains parts of the GNU C library, under the LGPL, version 2.1 or "
			"later; roms/licences/README.md in share/doc/baya says where their sources are." },
		{ 0 },
	} },
	{ "SEE ALSO", {
		{ NULL, "qemu-system-riscv64(1), qemu-img(1), gdb(1), perf(1)" },
		{ NULL, "docs/README.md in share/doc/baya is the list of Baya's documentation." },
		{ 0 },
	} },
};

const unsigned man_section_count = ARRAY_SIZE(man_sections);
