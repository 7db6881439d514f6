/* SPDX-License-Identifier: MIT */
/*
 * What is between the machine's screens, keyboard and pointer, and the person at the host: the
 * windows or viewers of -display, if there are any, and the monitor's sendkey, mouse_move and
 * screendump. Called by the run loop, between two slices.
 */
#ifndef FRONTENDS_DISPLAY_SCREEN_H
#define FRONTENDS_DISPLAY_SCREEN_H

#include "frontends/display/png.h"
#include "frontends/display/window.h"

#define SCREEN_HELD_MAX 16 /* keys of one sendkey */

struct board;
struct platform;
struct options;

struct screen_output {
	struct display *display;
	unsigned scanout; /* of the display */
};

struct screen {
	struct platform *platform;
	struct screen_output outputs[WINDOW_OUTPUTS_MAX];
	unsigned count;
	struct input *inputs[INPUT_KINDS]; /* NULL: the machine has none */
	struct window *window; /* NULL: nobody looks */
	u64 next_frame; /* host's ns */
	bool searches; /* some display does not know what is drawn, and has to look for it */
	u64 searched_at; /* the machine's instructions by then */
	struct display_wish wish; /* of the user's, for an output; sent when it is settled */
	unsigned wish_output;
	u64 wish_at; /* host's ns; UINT64_MAX: there is none */
	u16 held[SCREEN_HELD_MAX]; /* by sendkey */
	unsigned held_count;
	u64 release_at; /* machine's ns */
	u32 buttons; /* what mouse_button holds */
	u32 shifts; /* held by viewers: bit 0 left, 1 right */
	bool paused; /* the machine, as the titles say */
	bool asked; /* the guest, to power off */
	bool quit; /* the user wants the end */
	unsigned power_keys; /* so often was the power key pressed */
};

/* What the board has of all this. */
void screen_open(struct screen *screen, struct board *board);
void screen_close(struct screen *screen);

/* As -display says. Open windows, or say on stderr why there are none; `wake` as window_setup's. */
void screen_show(struct screen *screen, const struct options *options, int wake);

/* Take what the user did, show what the guest drew. */
void screen_look(struct screen *screen, bool paused);

/* A state was loaded into the machine: it knows of no key that is held. */
void screen_loaded(struct screen *screen);

/* How long that can wait if the machine does nothing, in ns; UINT64_MAX: for ever. */
u64 screen_wait(const struct screen *screen);

/* Whether somebody sees a picture of the guest's. */
bool screen_is_seen(const struct screen *screen);

/* An output into a file. 0 or -errno; -ENODEV: there is no such output, -ENODATA: it is dark. */
struct screen_picture {
	const char *path;
	unsigned output;
	enum png_format format;
};
int screen_shot(struct screen *screen, const struct screen_picture *picture);

/* Why it failed, for people, without the name of the file. */
const char *screen_shot_error(int failed);

/* Press keys and release them `ns` of the machine's time later; false: nobody listens. */
bool screen_send_keys(struct screen *screen, const u16 *codes, unsigned count, u64 ns);

/* Whether a driver listens; the pointer that does, a tablet rather than a mouse. */
bool screen_listens(const struct screen *screen, enum input_kind kind);
enum input_kind screen_pointer(const struct screen *screen);

/* One report: some events and the EV_SYN. */
void screen_report(struct screen *screen, enum input_kind kind, const struct input_event *events,
		   unsigned count);

/* As QEMU's monitor: a place of the tablet or so many points of the mouse; wheel clicks. */
bool screen_move(struct screen *screen, s32 x, s32 y, s32 wheel);

/* Bits: 1 left, 2 middle, 4 right. */
bool screen_press(struct screen *screen, u32 buttons);

/* Press or release one; false: nobody listens. */
bool screen_key(struct screen *screen, u16 code, bool down);

/* What viewers are asked for. False: none are. */
bool screen_set_password(struct screen *screen, const char *password);

/* The window's clipboard, as window.h has it. */
void screen_put_text(struct screen *screen, const char *text);
char *screen_take_text(struct screen *screen);

/* Ask the guest to power off: the power key. False: nobody listens. */
bool screen_power_key(struct screen *screen);

#endif
