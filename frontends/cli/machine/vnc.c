/* SPDX-License-Identifier: MIT */
/* Parses -vnc and -display vnc=, where viewers connect, and -object secret, the password that they
 * need. */
#include "frontends/cli/place.h"
#include "frontends/cli/table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "frontends/display/window.h"
#include "frontends/host/exit_code.h"
#include "frontends/net/address.h"

#define PORT_FIRST 5900u /* the port of display 0 */
#define WEBSOCKET_PORT_FIRST 5700u
#define SECRET_MAX 256

struct vnc_list {
	const char *address, *id, *secret, *websocket, *audiodev;
	bool password, ignored;
	u64 ignored_number;
	unsigned share; /* index of the word; SHARE_IGNORE is what Baya does */
};

#define SHARE_IGNORE 0 /* any number of viewers can be connected at once */

#define VNC_IGNORED_SWITCH(key)                                                                    \
	{ .name = key, .kind = KEY_SWITCH, .offset = offsetof(struct vnc_list, ignored),           \
	  .accepted = "on|off" }

static const struct key vnc_keys[] = {
	{ .name = "vnc", .kind = KEY_TEXT, .offset = offsetof(struct vnc_list, address),
	  .accepted = "[HOST]:N, unix:PATH, none" },
	{ .name = "id", .kind = KEY_TEXT, .offset = offsetof(struct vnc_list, id),
	  .accepted = "ID" },
	{ .name = "password", .kind = KEY_SWITCH, .offset = offsetof(struct vnc_list, password),
	  .accepted = "on|off" },
	{ .name = "password-secret", .kind = KEY_TEXT, .offset = offsetof(struct vnc_list, secret),
	  .accepted = "ID" },
	{ .name = "websocket", .kind = KEY_TEXT, .offset = offsetof(struct vnc_list, websocket),
	  .accepted = "on|PORT|[HOST]:PORT" },
	{ .name = "audiodev", .kind = KEY_TEXT, .offset = offsetof(struct vnc_list, audiodev),
	  .accepted = "ID" },
	{ .name = "share", .kind = KEY_WORD, .offset = offsetof(struct vnc_list, share),
	  .accepted = "ignore|allow-exclusive|force-shared" },
	VNC_IGNORED_SWITCH("lossy"), VNC_IGNORED_SWITCH("non-adaptive"),
	VNC_IGNORED_SWITCH("lock-key-sync"),
	{ .name = "key-delay-ms", .kind = KEY_NUMBER,
	  .offset = offsetof(struct vnc_list, ignored_number), .accepted = "N" },
};

static const struct key secret_keys[] = {
	{ .name = "id", .kind = KEY_TEXT, .offset = offsetof(struct secret, id), .accepted = "ID" },
	{ .name = "file", .kind = KEY_TEXT, .offset = offsetof(struct secret, file),
	  .accepted = "FILE" },
	{ .name = "data", .kind = KEY_TEXT, .offset = offsetof(struct secret, data),
	  .accepted = "TEXT" },
	{ .name = "format", .kind = KEY_WORD, .offset = offsetof(struct secret, format),
	  .accepted = "raw" },
};

int apply_secret(struct parser *parser, const char *list)
{
	const struct keyval keyval = { "-object secret", secret_keys, ARRAY_SIZE(secret_keys),
				       NULL };
	struct secret *secret = &parser->secrets[parser->secret_count];
	int failed;

	if (parser->secret_count == BACKENDS_MAX)
		return keyval_fail(parser->error, "-object secret: more than %d", BACKENDS_MAX);
	failed = keyval_parse(&keyval, list, secret, &parser->options->strings, parser->error);
	if (failed)
		return failed;
	if (!secret->id || !secret->file == !secret->data)
		return keyval_fail(parser->error,
				   "-object secret: needs id=ID and one of file=FILE and data=TEXT "
				   "(which is not secret on a command line)");
	parser->secret_count++;
	return 0;
}

static const char *port_text(struct strings *strings, u64 number)
{
	char port[8];

	snprintf(port, sizeof(port), "%u", (unsigned)number);
	return strings_add(strings, port, strlen(port));
}

/* Parses [HOST]:N, and computes the port from N. */
static int vnc_option_parse_address(struct parser *parser, const char *text,
				    struct net_address *address)
{
	struct strings *strings = &parser->options->strings;
	u64 number;

	if (place_is_socket(text) && net_address_parse(strings, text, address) && address->path)
		return 0;
	if (!net_address_host(strings, text, address) || !keyval_number(address->port, &number) ||
	    number > UINT16_MAX - PORT_FIRST)
		return keyval_fail(parser->error,
				   "-display vnc: '%s' is not accepted; accepted: "
				   "[HOST]:N (port %u + N), unix:PATH",
				   text, PORT_FIRST);
	address->port = port_text(strings, PORT_FIRST + number);
	return 0;
}

/* Parses websocket=. If it gives no host, the host is that of the viewers' address, or 127.0.0.1 if
 * that address is a path. */
static int parse_websocket(struct parser *parser, const char *text, struct display_options *display)
{
	struct strings *strings = &parser->options->strings;
	const struct net_address *vnc = &display->vnc;
	bool on = !strcmp(text, "on");
	u64 number;

	if (on && vnc->path)
		return keyval_fail(parser->error,
				   "-display vnc: websocket=on is port %u + N, and "
				   "unix: has no N; give websocket=PORT",
				   WEBSOCKET_PORT_FIRST);
	if (on) {
		keyval_number(vnc->port, &number);
		number -= PORT_FIRST - WEBSOCKET_PORT_FIRST;
	} else if (net_address_host(strings, text, &display->websocket)) {
		return 0;
	} else if (!keyval_number(text, &number) || !number || number > UINT16_MAX) {
		return keyval_fail(parser->error,
				   "-display vnc: websocket='%s' is not accepted; "
				   "accepted: on (port %u + N), PORT, [HOST]:PORT",
				   text, WEBSOCKET_PORT_FIRST);
	}
	display->websocket = (struct net_address){
		.type = NET_ADDRESS_INET, .host = vnc->path ? "127.0.0.1" : vnc->host,
		.port = port_text(strings, number),
	};
	return 0;
}

int apply_vnc(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-display vnc", vnc_keys, ARRAY_SIZE(vnc_keys), "vnc" };
	struct display_options *display = &parser->options->display;
	struct vnc_list list = { 0 };
	int failed = keyval_parse(&keyval, value, &list, &parser->options->strings, parser->error);

	(void)option;
	if (failed)
		return failed;
	if (list.address && !strcmp(list.address, "none")) {
		display->shown[DISPLAY_VNC] = false;
		return 0;
	}
	if (display->shown[DISPLAY_VNC])
		options_warn(parser,
			     "-display vnc: viewers connect at one place, the last one that "
			     "was given");
	if (list.share != SHARE_IGNORE)
		options_warn(parser,
			     "-display vnc: share= has no effect but share=ignore: a viewer "
			     "that asks to be alone is one of several");
	display->shown[DISPLAY_VNC] = true;
	display->websocket = (struct net_address){ 0 };
	display->locked = list.password || list.secret;
	parser->vnc_secret = list.secret;
	parser->vnc_audiodev = list.audiodev;
	if (!failed)
		failed = vnc_option_parse_address(parser, list.address ? list.address : ":0",
						  &display->vnc);
	if (!failed && list.websocket)
		failed = parse_websocket(parser, list.websocket, display);
	return failed;
}

static int fail_secret(struct parser *parser, const struct secret *secret, const char *why)
{
	keyval_fail(parser->error, "-object secret: '%s': %s",
		    secret->file ? secret->file : secret->id, why);
	parser->error->exit_code = EXIT_HOST;
	return -EINVAL;
}

/* Reads the password, without the line end that a file has at its end. */
static int read_secret(struct parser *parser, const struct secret *secret)
{
	FILE *file = secret->file ? fopen(secret->file, "re") : NULL;
	char text[SECRET_MAX] = "";
	int failed = 0;
	size_t size;

	if (secret->file && !file)
		return fail_secret(parser, secret, strerror(errno));
	if (file) {
		size = fread(text, 1, sizeof(text), file);
		failed = ferror(file) ? errno : 0;
		fclose(file);
	} else {
		size = (size_t)snprintf(text, sizeof(text), "%s", secret->data);
		size = MIN(size, sizeof(text));
	}
	if (failed)
		return fail_secret(parser, secret, strerror(failed));
	while (size && (text[size - 1] == '\n' || text[size - 1] == '\r'))
		size--;
	if (!size)
		return fail_secret(parser, secret, "it is empty");
	if (size > WINDOW_PASSWORD_MAX)
		return fail_secret(parser, secret, "VNC's passwords have up to 8 characters");
	parser->options->display.password = strings_add(&parser->options->strings, text, size);
	return 0;
}

/* Checks audiodev=. Sound is not sent to viewers, but the audiodev must exist, as in any other
 * option. */
static int check_audiodev(struct parser *parser)
{
	const char *id = parser->vnc_audiodev;

	if (!id)
		return 0;
	if (!audiodev_is_there(parser, id))
		return keyval_fail(parser->error,
				   "-display vnc: audiodev=%s: no -audiodev has this id", id);
	options_warn(parser,
		     "-display vnc: sound is not sent to viewers: audiodev=%s has no effect", id);
	return 0;
}

int finish_vnc(struct parser *parser)
{
	if (!parser->options->display.shown[DISPLAY_VNC])
		return 0;
	if (check_audiodev(parser))
		return -EINVAL;
	if (!parser->vnc_secret)
		return 0;
	for (unsigned n = 0; n < parser->secret_count; n++)
		if (!strcmp(parser->secrets[n].id, parser->vnc_secret))
			return read_secret(parser, &parser->secrets[n]);
	return keyval_fail(parser->error,
			   "-display vnc: password-secret=%s: no -object secret has "
			   "this id",
			   parser->vnc_secret);
}
