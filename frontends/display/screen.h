/* SPDX-License-Identifier: MIT */
/*
 * Connects the machine's screens, keyboard and pointer with the person at the host: with the
 * windows of -display and the viewers of -vnc, if there are any, and with the monitor's sendkey,
 * mouse_move and screendump. The run loop calls it between two slices.
 */
#ifndef FRONTENDS_DISPLAY_SCREEN_H
#define FRONTENDS_DISPLAY_SCREEN_H

#include "frontends/display/options.h"
#include "frontends/display/png.h"
#include "frontends/display/screen_keys.h"
#include "frontends/display/window.h"

#define SCREEN_HELD_MAX 16 /* keys of one sendkey */
#define SCREEN_CODES 0x300 /* evdev's, as many as Linux has */

struct board;
struct platform;

struct screen_output {
	struct display *display;
	unsigned scanout; /* of the display */
};

/* One way to show the screens. */
struct screen_window {
	struct window *window; /* NULL: the screens are not shown that way */
	u8 held[SCREEN_CODES / 8]; /* keys and buttons held there, a bit for each code of evdev */
};

struct screen {
	struct platform *platform;
	struct screen_output outputs[WINDOW_OUTPUTS_MAX];
	unsigned count;
	struct input *inputs[INPUT_KINDS]; /* NULL: the machine has none */
	struct screen_window windows[DISPLAY_KINDS];
	u64 next_frame; /* when the next frame is due, host's ns */
	bool searches; /* some display does not report what was drawn, so its memory is compared */
	u64 searched_at; /* the machine's instruction count when they were last compared */
	/* The size that the user wants for an output; sent when it is settled. */
	struct display_size_request request;
	unsigned wish_output;
	u64 wish_at; /* host's ns; UINT64_MAX: there is none */
	struct screen_keys keys; /* for the guest's keyboard */
	u32 buttons; /* what mouse_button holds */
	unsigned loads; /* the platform's, when keys and buttons were last followed */
	u32 modifiers; /* those that viewers hold, a bit for each key of screen_type.c's table */
	bool paused; /* the machine is paused, which the titles say */
	bool asked; /* the guest was asked to power off */
	bool quit; /* the user wants Baya to end */
	unsigned power_keys; /* how often the power key was pressed */
};

/* Finds the board's displays and input devices. */
void screen_open(struct screen *screen, struct board *board);
void screen_close(struct screen *screen);

/*
 * Opens what -display and -vnc ask for, or says on stderr why it cannot. `name` is the
 * machine's, or NULL; `clipboard`: a port of the guest's has one; `wake` is window_setup's.
 */
void screen_show(struct screen *screen, const struct display_options *options, const char *name,
		 bool clipboard, int wake);

/* Hands the user's input to the guest, and shows what the guest drew. */
void screen_look(struct screen *screen, bool paused);

/* Returns how long screen_look can wait if the machine does nothing, in ns; UINT64_MAX: for
 * ever. */
u64 screen_wait(const struct screen *screen);

/* Returns whether a window or viewer shows a picture of the guest's. */
bool screen_is_seen(const struct screen *screen);

/* Writes the picture of an output into a file. Returns 0 or -errno; -ENODEV: there is no such
 * output, -ENODATA: it is off. */
struct screen_picture {
	const char *path;
	unsigned output;
	enum png_format format;
};
int screen_shot(struct screen *screen, const struct screen_picture *picture);

/* Says for people why screen_shot failed, without the name of the file. */
const char *screen_shot_error(int failed);

/* Presses keys and releases them `ns` of the machine's time later, behind the keys that wait.
 * Returns 0 or -errno; -ENODEV: no driver listens, -EBUSY: too many wait. */
int screen_send_keys(struct screen *screen, const u16 *codes, unsigned count, u64 ns);

/* Returns whether a driver listens to that input device. */
bool screen_listens(const struct screen *screen, enum input_kind kind);
/* Returns the pointer whose driver listens, the tablet if both do. */
enum input_kind screen_pointer(const struct screen *screen);

/* Sends one report: some events and the EV_SYN. */
void screen_report(struct screen *screen, enum input_kind kind, const struct input_event *events,
		   unsigned count);

/* Moves the pointer as QEMU's monitor does: the tablet to a place, or the mouse by so many points;
 * `wheel` counts clicks. */
bool screen_move(struct screen *screen, s32 x, s32 y, s32 wheel);

/* Sets which buttons are held. Bits: 1 left, 2 middle, 4 right. */
bool screen_press(struct screen *screen, u32 buttons);

/* Presses or releases one key, behind those that wait; false: no driver listens. */
bool screen_key(struct screen *screen, u16 code, bool down);

/* Sets the password that viewers are asked for; false: this display asks for none. */
bool screen_set_password(struct screen *screen, const char *password);

/* Prints the server for viewers and its viewers; false: there is none. */
bool screen_info_vnc(const struct screen *screen, FILE *out);

/* The window's clipboard: see window_put_text and window_take_text in window.h. */
void screen_put_text(struct screen *screen, const char *text);
char *screen_take_text(struct screen *screen);

/* Presses the power key, which asks the guest to power off; false: no driver listens. */
bool screen_power_key(struct screen *screen);

#endif
