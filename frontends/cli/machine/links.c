/* SPDX-License-Identifier: MIT */
/* Parses -gdb, -qmp and -s: the places at which programs connect to control Baya. */
#include "frontends/cli/machine/links.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "frontends/cli/place.h"
#include "frontends/cli/table.h"

#define GDB_LABEL "gdb"
#define CHARDEV "chardev:"

/* Only the keys of PLACE_KEYS are for -gdb, too. */
static const struct key place_keys[] = {
	PLACE_KEYS(struct place, ),
	PLACE_PEER_KEYS(struct place, ),
};

const char *compat_monitor(struct parser *parser)
{
	char label[32];
	int size = snprintf(label, sizeof(label), "compat_monitor%u", parser->compat_monitors++);

	return strings_add(&parser->options->strings, label, (size_t)size);
}

static int read_place(struct parser *parser, bool gdb, const char *value, struct link_place *link)
{
	const char *what = gdb ? "-gdb" : "-qmp";
	unsigned count = ARRAY_SIZE(place_keys) - (gdb ? PLACE_PEER_KEY_COUNT : 0);
	const struct keyval keyval = { what, place_keys, count, NULL };
	struct place place;
	int failed = parse_place(parser, &keyval, value, &place);

	*link = (struct link_place){
		.kind = place.stdio ? LINK_STDIO : LINK_SOCKET,
		.option = what,
		.text = value,
		.label = gdb ? GDB_LABEL : compat_monitor(parser),
		.address = place.address,
		.connects = !place.server,
		.waits = place.server && place.wait && !place.nowait,
		.reconnect = place.reconnect,
		.telnet = place.telnet,
	};
	if (!failed && gdb && place.telnet)
		return keyval_fail(parser->error,
				   "-gdb: '%.200s': debuggers do not use telnet; "
				   "accepted: tcp:[HOST]:PORT, unix:PATH, stdio",
				   value);
	return failed;
}

/* Reads the place of -gdb. Baya is always the server, and the debugger may connect at any time. */
static int read_gdb(struct parser *parser, const char *value, struct link_place *place)
{
	int failed = read_place(parser, true, value, place);

	place->connects = place->waits = false;
	return failed;
}

int apply_gdb(struct parser *parser, const struct option *option, const char *value)
{
	struct options *options = parser->options;
	const char *id = value + strlen(CHARDEV);

	(void)option;
	if (!strcmp(value, "none")) {
		options->gdb = (struct link_place){ .kind = LINK_NONE };
		options->gdb_default = false;
		return 0;
	}
	if (strncmp(value, CHARDEV, strlen(CHARDEV)))
		return read_gdb(parser, value, &options->gdb);
	options->gdb = (struct link_place){ .option = "-gdb", .text = id, .label = id,
					    .chardev = true };
	return 0;
}

int options_gdb(const char *text, struct strings *strings, struct link_place *place,
		struct board_error *error)
{
	struct options *options = calloc(1, sizeof(*options));
	struct parser *parser = calloc(1, sizeof(*parser));
	int failed = -ENOMEM;

	if (options && parser) {
		options->strings = *strings;
		*parser = (struct parser){ .options = options, .error = error };
		failed =
			read_gdb(parser, strings_add(&options->strings, text, strlen(text)), place);
		if (!failed && place->kind == LINK_STDIO)
			failed = keyval_fail(error, "stdio is for -gdb alone: give "
						    "tcp:[HOST]:PORT or unix:PATH");
		*strings = options->strings;
	} else {
		keyval_fail(error, "not enough host memory");
	}
	free(options);
	free(parser);
	return failed;
}

int add_qmp(struct parser *parser, const struct link_place *place)
{
	struct options *options = parser->options;

	if (options->qmp_count == LINK_PLACES_MAX)
		return keyval_fail(parser->error, "-qmp: more than %d", LINK_PLACES_MAX);
	options->qmps[options->qmp_count++] = *place;
	return 0;
}

int apply_qmp(struct parser *parser, const struct option *option, const char *value)
{
	struct link_place place;
	int failed = read_place(parser, false, value, &place);

	(void)option;
	return failed ? failed : add_qmp(parser, &place);
}

int finish_links(struct parser *parser, const char **on_stdio)
{
	struct options *options = parser->options;
	const struct link_place fallback = {
		.kind = LINK_SOCKET, .option = "-gdb", .text = "tcp::1234", .label = GDB_LABEL,
		.address = { .host = "127.0.0.1", .port = "1234" },
	};

	if (options->gdb_default && options->gdb.kind == LINK_NONE)
		options->gdb = fallback;
	*on_stdio = options->gdb.kind == LINK_STDIO ? "-gdb" : NULL;
	for (unsigned n = 0; n < options->qmp_count; n++) {
		if (options->qmps[n].kind != LINK_STDIO)
			continue;
		if (*on_stdio)
			return keyval_fail(parser->error,
					   "%s and %s: only one of them can use "
					   "standard input and output",
					   *on_stdio, options->qmps[n].option);
		*on_stdio = options->qmps[n].option;
	}
	return 0;
}
