/* SPDX-License-Identifier: MIT */
/*
 * Connects the machine's screens, keyboard and pointer to the user: to the windows of -display and
 * the viewers of -vnc, if there are any, and to the monitor's commands sendkey, mouse_move and
 * screendump. The run loop calls it between slices.
 */
#ifndef FRONTENDS_DISPLAY_SCREEN_H
#define FRONTENDS_DISPLAY_SCREEN_H

#include "frontends/display/options.h"
#include "frontends/display/png.h"
#include "frontends/display/screen_keys.h"
#include "frontends/display/window.h"

#define SCREEN_HELD_MAX 16 /* the most keys of one sendkey */
#define SCREEN_CODES 0x300 /* the number of evdev codes, as in Linux */

struct board;
struct platform;

struct screen_output {
	struct display *display;
	unsigned scanout; /* its index in the display's scanouts */
};

/* One way to show the screens. */
struct screen_window {
	struct window *window; /* NULL: this way is not used */
	/* Keys and buttons held in the window, one bit for each evdev code. */
	u8 held[SCREEN_CODES / 8];
};

struct screen {
	struct platform *platform;
	struct screen_output outputs[WINDOW_OUTPUTS_MAX];
	unsigned count;
	struct input *inputs[INPUT_KINDS]; /* NULL: the machine has no such device */
	struct screen_window windows[DISPLAY_KINDS];
	u64 next_frame; /* the host's time in ns at which the next frame is due */
	/* A display does not report what was drawn, so its memory is searched for changes. */
	bool searches;
	u64 searched_at; /* the machine's instruction count at the last search */
	/*
	 * The size that the user wants for an output. It is sent to the guest when the user has
	 * stopped resizing, at the time wish_at.
	 */
	struct display_size_request request;
	unsigned wish_output;
	u64 wish_at; /* the host's time in ns; UINT64_MAX: at no time */
	struct screen_keys keys; /* keys that wait for the guest's keyboard */
	u32 buttons; /* the buttons that mouse_button has pressed */
	unsigned loads; /* platform->loads when screen_keys_follow was last called */
	/* The modifiers that viewers hold, one bit for each key of screen_type.c's table. */
	u32 modifiers;
	bool paused; /* the machine is paused; the titles show it */
	bool asked; /* the guest was asked to power off */
	bool quit; /* the user has asked Baya to end */
	unsigned power_keys; /* the number of presses of the power key */
};

/* Finds the board's displays and input devices. */
void screen_open(struct screen *screen, struct board *board);
void screen_close(struct screen *screen);

/*
 * Opens the windows and servers that -display and -vnc ask for; for each that fails, it reports the
 * reason on stderr. `name` is the machine's, or NULL. `clipboard`: a port of the guest shares the
 * clipboard. `wake` is an eventfd, as in struct window_setup.
 */
void screen_show(struct screen *screen, const struct display_options *options, const char *name,
		 bool clipboard, int wake);

/* Passes the user's input to the guest, and shows what the guest has drawn. */
void screen_poll(struct screen *screen, bool paused);

/*
 * Returns for how many ns screen_poll need not be called while the machine does nothing;
 * UINT64_MAX: without limit.
 */
u64 screen_wait(const struct screen *screen);

/* Returns whether a window or viewer shows a picture that the guest has drawn. */
bool screen_is_seen(const struct screen *screen);

/*
 * Writes the picture of an output to a file. Returns 0 or -errno; -ENODEV: there is no such output,
 * -ENODATA: it is off.
 */
struct screen_picture {
	const char *path;
	unsigned output;
	enum png_format format;
};
int screen_shot(struct screen *screen, const struct screen_picture *picture);

/* Returns the reason why screen_shot failed, as text without the file's name. */
const char *screen_shot_error(int failed);

/*
 * Presses keys, and releases them when `ns` of the machine's time have passed; keys that wait
 * already come first. Returns 0 or -errno; -ENODEV: the guest has no driver for the keyboard,
 * -EBUSY: too many keys wait.
 */
int screen_send_keys(struct screen *screen, const u16 *codes, unsigned count, u64 ns);

/* Returns whether the guest has a driver for this input device. */
bool screen_listens(const struct screen *screen, enum input_kind kind);
/* Returns the pointer for which the guest has a driver; if it has drivers for both, the tablet. */
enum input_kind screen_pointer(const struct screen *screen);

/* Sends a report to the guest: events, the last of which is EV_SYN. Without a driver it is lost. */
void screen_report(struct screen *screen, enum input_kind kind, const struct input_event *events,
		   unsigned count);

/*
 * Moves the pointer as QEMU's mouse_move does: the tablet to the position (x, y), the mouse by that
 * distance. `wheel` counts clicks. Returns false if the guest has no driver.
 */
bool screen_move(struct screen *screen, s32 x, s32 y, s32 wheel);

/*
 * Sets which buttons are held. Bits: 1 left, 2 middle, 4 right. Returns false if the guest has no
 * driver.
 */
bool screen_press(struct screen *screen, u32 buttons);

/* Presses or releases a key, after the keys that wait. Returns false if the guest has no driver. */
bool screen_key(struct screen *screen, u16 code, bool down);

/* Sets the password that viewers have to give. Returns false if they need none. */
bool screen_set_password(struct screen *screen, const char *password);

/* Prints the VNC server and its viewers. Returns false if there is no server. */
bool screen_info_vnc(const struct screen *screen, FILE *out);

/* Do for all windows what window_put_text and window_take_text (window.h) do for one. */
void screen_put_text(struct screen *screen, const char *text);
char *screen_take_text(struct screen *screen);

/*
 * Presses the power key, which asks the guest to power off. Returns false if the guest has no
 * driver.
 */
bool screen_power_key(struct screen *screen);

#endif
