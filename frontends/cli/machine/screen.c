/* SPDX-License-Identifier: MIT */
/* Parses -display and -nographic: whether the machine has a screen, and how it is shown. */
#include "frontends/cli/table.h"

#include <string.h>

#define VNC_PREFIX "vnc="

enum display_word { WORD_NONE, WORD_SDL, WORD_VNC };
static const char display_words[] = "none|sdl|vnc";
static const char scale_words[] = "smooth|integer";

struct display_list {
	unsigned word, scale;
	bool full_screen;
	unsigned ignored_word;
};

static const struct key display_keys[] = {
	{ .name = "type", .kind = KEY_WORD, .offset = offsetof(struct display_list, word),
	  .accepted = display_words },
	{ .name = "scale", .kind = KEY_WORD, .offset = offsetof(struct display_list, scale),
	  .accepted = scale_words },
	{ .name = "full-screen", .kind = KEY_SWITCH,
	  .offset = offsetof(struct display_list, full_screen), .accepted = "on|off" },
	/* The guest cannot use the host's OpenGL. */
	{ .name = "gl", .kind = KEY_WORD, .offset = offsetof(struct display_list, ignored_word),
	  .accepted = "off" },
};

int apply_display(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-display", display_keys, ARRAY_SIZE(display_keys),
				       "type" };
	struct display_options *display = &parser->options->display;
	struct display_list list = { 0 };
	int failed;

	if (!strncmp(value, VNC_PREFIX, strlen(VNC_PREFIX)))
		return apply_vnc(parser, option, value + strlen(VNC_PREFIX));
	failed = keyval_parse(&keyval, value, &list, &parser->options->strings, parser->error);
	if (!failed && list.word == WORD_VNC)
		return keyval_fail(parser->error, "-display: vnc needs a place: vnc=:N (port 5900 "
						  "+ N)");
	display->shown[DISPLAY_SDL] = list.word == WORD_SDL;
	display->full_screen = list.full_screen;
	display->integer = list.scale;
	return failed;
}

int apply_nographic(struct parser *parser, const struct option *option, const char *value)
{
	(void)option;
	(void)value;
	parser->options->display.shown[DISPLAY_SDL] = false;
	return 0;
}

static bool has_screen(const struct parser *parser)
{
	for (unsigned n = 0; n < parser->device_count; n++)
		if (parser->devices[n].type->category == DEVICE_DISPLAY)
			return true;
	return false;
}

int finish_screen(struct parser *parser)
{
	static const char *const devices[] = { "virtio-gpu-device", "virtio-keyboard-device",
					       "virtio-tablet-device" };
	const bool *shown = parser->options->display.shown;
	int failed = 0;

	if (!(shown[DISPLAY_SDL] || shown[DISPLAY_VNC]) || has_screen(parser))
		return 0;
	for (unsigned n = 0; !failed && n < ARRAY_SIZE(devices); n++)
		failed = apply_device(parser, NULL, devices[n]);
	return failed;
}
