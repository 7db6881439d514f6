/* SPDX-License-Identifier: MIT */
/*
 * Implements screendump, sendkey, mouse_move, set_password and similar commands by functions of
 * screen.h.
 */
#include "frontends/monitor/screen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus/nearest.h"
#include "frontends/display/keymap.h"
#include "frontends/display/screen.h"
#include "frontends/host/keyval.h"
#include "frontends/monitor/monitor.h"

#define HOLD_MS 100
#define NS_PER_MS 1000000ull
#define NO_KEYBOARD "no driver of a keyboard listens; -device virtio-keyboard-device adds one"
#define NO_POINTER "no driver of a pointer listens; -device virtio-tablet-device adds one"

static bool has_screen(const struct monitor *monitor, FILE *out)
{
	if (!monitor->screen)
		fprintf(out, "there is neither screen nor keyboard here\n");
	return monitor->screen;
}

static bool parse_format(const char *word, enum png_format *format)
{
	bool png = word && !strcmp(word, "png");

	*format = png ? PNG_ALWAYS : PNG_NOT;
	return png || (word && !strcmp(word, "ppm"));
}

/* Parses the arguments of screendump, in which -f and its format can be anywhere. */
static bool parse_picture(char **words, struct screen_picture *picture)
{
	unsigned count = 0;
	u64 output;

	for (; *words; words++) {
		if (!strcmp(*words, "-f")) {
			if (!parse_format(*++words, &picture->format))
				return false;
		} else if (count++ == 0) {
			picture->path = *words;
		} else if (count == 2 && keyval_number(*words, &output)) {
			picture->output = (unsigned)MIN(output, (u64)UINT32_MAX);
		} else {
			return false;
		}
	}
	return count > 0;
}

void monitor_screendump(struct monitor *monitor, char **words, FILE *out)
{
	struct screen_picture picture = { 0 };
	int failed;

	if (!has_screen(monitor, out))
		return;
	if (!parse_picture(words + 1, &picture)) {
		fprintf(out, "screendump: give a file, and the number of a screen if it is not "
			     "0: screendump a.png; -f png or -f ppm is the format\n");
		return;
	}
	failed = screen_shot(monitor->screen, &picture);
	if (failed == -ENODEV || failed == -ENODATA)
		fprintf(out, "screendump: %s\n", screen_shot_error(failed));
	else if (failed)
		fprintf(out, "screendump: '%s' cannot be written: %s\n", picture.path,
			screen_shot_error(failed));
}

/* Converts "ctrl-alt-f1" to key codes, and returns how many there are. Prints an error and returns
 * 0 if a name is wrong. */
static unsigned parse_keys(char *text, u16 codes[SCREEN_HELD_MAX], FILE *out)
{
	unsigned count = 0;
	char *rest = NULL;

	for (char *name = strtok_r(text, "-", &rest); name; name = strtok_r(NULL, "-", &rest)) {
		u16 code = keymap_named(name);

		if (!code) {
			fprintf(out, "sendkey: no key '%s'%s\n", name,
				nearest_hint("; nearest is '", keymap_nearest(name), "'").text);
			return 0;
		}
		if (count == SCREEN_HELD_MAX) {
			fprintf(out, "sendkey: more than %d keys at once\n", SCREEN_HELD_MAX);
			return 0;
		}
		codes[count++] = code;
	}
	if (!count)
		fprintf(out, "sendkey: give keys, as in sendkey ctrl-alt-delete\n");
	return count;
}

void monitor_sendkey(struct monitor *monitor, char **words, FILE *out)
{
	char none[] = "";
	u16 codes[SCREEN_HELD_MAX];
	u64 ms = HOLD_MS;
	int failed;
	unsigned count = parse_keys(words[1] ? words[1] : none, codes, out);

	if (!count || !has_screen(monitor, out))
		return;
	if (words[2] && (!keyval_number(words[2], &ms) || ms > 60000)) {
		fprintf(out, "sendkey: '%s' is not a number of milliseconds up to 60000\n",
			words[2]);
		return;
	}
	failed = screen_send_keys(monitor->screen, codes, count, ms * NS_PER_MS);
	if (failed)
		fprintf(out, "sendkey: %s\n",
			failed == -EBUSY ? "too many keys wait already" : NO_KEYBOARD);
}

static bool parse_signed(const char *text, s32 *value)
{
	char *end;
	long number;

	if (!text)
		return false;
	number = strtol(text, &end, 0);
	*value = (s32)number;
	return end != text && !*end && number == *value;
}

void monitor_mouse_move(struct monitor *monitor, char **words, FILE *out)
{
	s32 x, y, wheel = 0;

	if (!has_screen(monitor, out))
		return;
	if (!parse_signed(words[1], &x) || !parse_signed(words[2], &y) ||
	    (words[3] && !parse_signed(words[3], &wheel)))
		fprintf(out,
			"mouse_move: give X and Y, of a tablet from 0 to %d, and clicks of "
			"the wheel if wanted\n",
			INPUT_ABS_MAX);
	else if (!screen_move(monitor->screen, x, y, wheel))
		fprintf(out, "mouse_move: " NO_POINTER "\n");
}

void monitor_mouse_button(struct monitor *monitor, char **words, FILE *out)
{
	u64 buttons;

	if (!has_screen(monitor, out))
		return;
	if (!words[1] || !keyval_number(words[1], &buttons) || buttons > 7)
		fprintf(out,
			"mouse_button: give the sum of those held: 1 left, 2 middle, 4 right\n");
	else if (!screen_press(monitor->screen, (u32)buttons))
		fprintf(out, "mouse_button: " NO_POINTER "\n");
}

void monitor_powerdown(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	if (has_screen(monitor, out) && !screen_power_key(monitor->screen))
		fprintf(out, "system_powerdown: the power button is a key, and " NO_KEYBOARD "\n");
}

static void set_password(struct monitor *monitor, const char *text, FILE *out)
{
	if (!has_screen(monitor, out))
		return;
	if (strlen(text) > WINDOW_PASSWORD_MAX)
		fprintf(out, "the password is too long: VNC's have up to %d characters\n",
			WINDOW_PASSWORD_MAX);
	else if (!screen_set_password(monitor->screen, text))
		fprintf(out, "viewers are not asked for a password; -vnc :N,password=on makes "
			     "them give one\n");
}

void monitor_set_password(struct monitor *monitor, char **words, FILE *out)
{
	if (!words[1] || strcmp(words[1], "vnc") || !words[2])
		fprintf(out, "set_password: give vnc and a password\n");
	else
		set_password(monitor, words[2], out);
}

void monitor_change(struct monitor *monitor, char **words, FILE *out)
{
	if (!words[1] || strcmp(words[1], "vnc") || !words[2] || strcmp(words[2], "password") ||
	    !words[3])
		fprintf(out, "change: give vnc password and the password\n");
	else
		set_password(monitor, words[3], out);
}

void monitor_info_vnc(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	if (!monitor->screen || !screen_info_vnc(monitor->screen, out))
		fprintf(out, "None\n");
}
