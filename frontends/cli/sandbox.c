/* SPDX-License-Identifier: MIT */
/* Parses -sandbox, and refuses options that need what it denies. */
#include <string.h>

#include "frontends/cli/table.h"
#include "frontends/host/sandbox.h"

/* A word is denied if it is not the first one, "allow". */
struct sandbox_list {
	bool enable;
	unsigned obsolete, privileges, spawn, resources;
};

#define DENIED_KEY(key, member, words)                                                             \
	{ .name = key, .kind = KEY_WORD, .offset = offsetof(struct sandbox_list, member),          \
	  .accepted = words }

static const struct key sandbox_keys[] = {
	{ .name = "enable", .kind = KEY_SWITCH, .offset = offsetof(struct sandbox_list, enable),
	  .accepted = "on|off" },
	DENIED_KEY("obsolete", obsolete, "allow|deny"),
	/* Children get no new privileges with either word. */
	DENIED_KEY("elevateprivileges", privileges, "allow|deny|children"),
	DENIED_KEY("spawn", spawn, "allow|deny"),
	DENIED_KEY("resourcecontrol", resources, "allow|deny"),
};

int apply_sandbox(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-sandbox", sandbox_keys, ARRAY_SIZE(sandbox_keys),
				       "enable" };
	struct sandbox_list list = { .obsolete = 1 };
	int failed = keyval_parse(&keyval, value, &list, &parser->options->strings, parser->error);

	(void)option;
	if (failed)
		return failed;
	parser->options->process.sandbox = 0;
	if (!list.enable)
		return 0;
	parser->options->process.sandbox = SANDBOX_ALWAYS | (list.obsolete ? SANDBOX_OBSOLETE : 0) |
					   (list.privileges ? SANDBOX_PRIVILEGES : 0) |
					   (list.spawn ? SANDBOX_SPAWN : 0) |
					   (list.resources ? SANDBOX_RESOURCES : 0);
	return sandbox_check(parser->error);
}

#define OR_ALLOW "or leave spawn=deny out of -sandbox, which forbids that"

/* Checks a program of -netdev tap. The host's usual one, which is not given, is not run. */
static int check_script(struct parser *parser, const char *id, const char *key, const char **script)
{
	if (!*script)
		*script = "no";
	if (!strcmp(*script, "no"))
		return 0;
	return keyval_fail(parser->error,
			   "-netdev id=%s: %s=%s starts a program; give %s=no, " OR_ALLOW, id, key,
			   *script, key);
}

static int check_tap(struct parser *parser, const char *id, struct net_tap *tap)
{
	int failed = check_script(parser, id, "script", &tap->script);

	return failed ? failed : check_script(parser, id, "downscript", &tap->downscript);
}

static int check_forwards(struct parser *parser, const char *id, const struct net_user *user)
{
	for (unsigned n = 0; n < user->guest_forward_count; n++)
		if (!user->guest_forwards[n].chardev)
			return keyval_fail(parser->error,
					   "-netdev id=%s: guestfwd=%s starts a program for each "
					   "connection; give chardev:ID, " OR_ALLOW,
					   id, user->guest_forwards[n].text);
	return 0;
}

int finish_sandbox(struct parser *parser)
{
	struct net_options *net = &parser->options->net;
	int failed = 0;

	if (!(parser->options->process.sandbox & SANDBOX_SPAWN))
		return 0;
	for (unsigned n = 0; n < net->netdev_count && !failed; n++) {
		struct netdev_options *netdev = &net->netdevs[n];

		if (netdev->kind == NETDEV_TAP)
			failed = check_tap(parser, netdev->id, netdev->settings);
		else if (netdev->kind == NETDEV_USER)
			failed = check_forwards(parser, netdev->id, netdev->settings);
	}
	return failed;
}
