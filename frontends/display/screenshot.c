/* SPDX-License-Identifier: MIT */
/*
 * Implements a QMP client that sends one command. It uses none of Baya's extensions, so it works
 * with QEMU's machines, too.
 */
#include "frontends/display/screenshot.h"

#include <jansson.h>

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "devices/board/board.h"
#include "frontends/host/exit_code.h"
#include "frontends/host/keyval.h"
#include "frontends/net/address.h"
#include "frontends/net/call.h"

#define PATIENCE_MS 10000 /* how long to wait for a machine that does not answer */

static const char usage[] =
	"usage: baya screenshot WHERE FILE [SCREEN]\n\n"
	"Writes what a running machine shows on its first screen, or on the one of that number, to\n"
	"FILE: as PNG if the name ends in .png, else as PPM. WHERE is what the machine was given\n"
	"by -qmp: tcp:[HOST]:PORT, unix:PATH, or the PATH alone. The exit code is 3 if it cannot be\n"
	"written, also if the machine has not answered for ten seconds.\n";

struct session {
	const char *where;
	int fd;
	char line[65536];
	size_t size; /* bytes read; the beginning of the next message may be among them */
};

/* Prints one line about what is wrong; returns an exit code. */
static int screenshot_fail(const struct session *session, const char *what, const char *why)
{
	fprintf(stderr, "baya: screenshot: %.200s: %s%s%s\n", session->where, what, why ? ": " : "",
		why ? why : "");
	return EXIT_HOST;
}

/* Returns the next message; NULL if none comes. */
static json_t *next_message(struct session *session)
{
	struct pollfd in = { .fd = session->fd, .events = POLLIN };
	json_error_t error;
	json_t *message;
	char *end;

	while (!(end = memchr(session->line, '\n', session->size))) {
		size_t room = sizeof(session->line) - session->size;
		ssize_t got = room && poll(&in, 1, PATIENCE_MS) > 0 ?
				      recv(session->fd, session->line + session->size, room, 0) :
				      0;

		if (got <= 0)
			return NULL;
		session->size += (size_t)got;
	}
	message = json_loadb(session->line, (size_t)(end - session->line), 0, &error);
	session->size -= (size_t)(end + 1 - session->line);
	memmove(session->line, end + 1, session->size);
	return message;
}

/* Sends a command and returns the answer; events that arrive before it are skipped. Takes over the
 * command's reference. */
static json_t *screenshot_ask(struct session *session, json_t *command)
{
	char *text = json_dumps(command, 0);
	json_t *answer = NULL;

	json_decref(command);
	if (text && send(session->fd, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text))
		do {
			json_decref(answer);
			answer = next_message(session);
		} while (json_object_get(answer, "event"));
	free(text);
	return answer;
}

/* Makes the name absolute, because the machine may run in another folder. */
static bool make_absolute(const char *name, char path[PATH_MAX])
{
	char folder[PATH_MAX] = "";

	if (name[0] != '/' && !getcwd(folder, sizeof(folder)))
		return false;
	return (size_t)snprintf(path, PATH_MAX, "%s%s%s", folder, *folder ? "/" : "", name) <
	       PATH_MAX;
}

static json_t *make_command(const char *path, const char *screen, u64 number)
{
	size_t size = strlen(path);
	bool is_png = size > 4 && !strcmp(path + size - 4, ".png");
	json_t *arguments =
		json_pack("{s:s, s:s}", "filename", path, "format", is_png ? "png" : "ppm");

	if (screen)
		json_object_set_new(arguments, "head", json_integer((json_int_t)number));
	return json_pack("{s:s, s:o}", "execute", "screendump", "arguments", arguments);
}

/* Sends qmp_capabilities and the command; the answer to the latter determines the exit code. Takes
 * over the command's reference. */
static int screenshot_talk(struct session *session, json_t *command)
{
	json_t *greeting, *answer = NULL;
	const char *why;
	int code = EXIT_WELL;

	errno = 0;
	greeting = next_message(session);
	if (!json_object_get(greeting, "QMP")) {
		code = screenshot_fail(
			session, "no QMP server answers there",
			errno ? strerror(errno) :
				"another client may have it, or the machine's process is stopped; "
				"a further -qmp is for this client");
	} else {
		json_decref(
			screenshot_ask(session, json_pack("{s:s}", "execute", "qmp_capabilities")));
		answer = screenshot_ask(session, json_incref(command));
		why = json_string_value(json_object_get(json_object_get(answer, "error"), "desc"));
		if (!json_object_get(answer, "return"))
			code = screenshot_fail(session, why ? why : "no answer", NULL);
	}
	json_decref(command);
	json_decref(greeting);
	json_decref(answer);
	return code;
}

static int screenshot_run(const char *where, const char *name, const char *screen)
{
	struct session session = { .where = where };
	struct strings strings = { 0 };
	struct net_address place;
	char path[PATH_MAX];
	u64 number = 0;
	int code;

	if (!make_absolute(name, path) || (screen && !keyval_number(screen, &number))) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (!net_address_parse(&strings, where, &place)) {
		place = (struct net_address){ .type = NET_ADDRESS_UNIX, .path = where };
		if (strchr(where, ':') && !strchr(where, '/')) {
			strings_free(&strings);
			fputs(usage, stderr);
			return EXIT_USAGE;
		}
	}
	session.fd = net_connect_wait(&place);
	code = session.fd < 0 ? screenshot_fail(&session, "cannot connect", strerror(-session.fd)) :
				screenshot_talk(&session, make_command(path, screen, number));
	if (session.fd >= 0)
		close(session.fd);
	strings_free(&strings);
	return code;
}

int screenshot(int argc, char **argv)
{
	bool help = argc > 1 && (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help"));

	if (!help && (argc == 3 || argc == 4))
		return screenshot_run(argv[1], argv[2], argc == 4 ? argv[3] : NULL);
	fputs(usage, help ? stdout : stderr);
	return help ? EXIT_WELL : EXIT_USAGE;
}
