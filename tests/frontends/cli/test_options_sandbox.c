/* SPDX-License-Identifier: MIT */
/* -sandbox: which sets its words deny, and which options need what they deny. */
#include <errno.h>
#include <string.h>

#include "frontends/host/sandbox.h"
#include "options_line.h"

#define USUAL (SANDBOX_ALWAYS | SANDBOX_OBSOLETE)

int __wrap_sandbox_check(struct board_error *error);

/* These options mean the same where Baya is built without libseccomp. */
int __wrap_sandbox_check(struct board_error *error)
{
	return 0;
}

static void test_sets(void **state)
{
	static const struct {
		const char *text;
		unsigned sets;
	} cases[] = {
		{ "-m 64M", 0 },
		{ "-sandbox off,spawn=deny", 0 },
		{ "-sandbox on", USUAL },
		{ "-sandbox enable=on,spawn=allow", USUAL },
		{ "-sandbox on,obsolete=allow", SANDBOX_ALWAYS },
		{ "-sandbox on,obsolete=deny", USUAL },
		{ "-sandbox on,elevateprivileges=deny", USUAL | SANDBOX_PRIVILEGES },
		{ "-sandbox on,elevateprivileges=children", USUAL | SANDBOX_PRIVILEGES },
		{ "-sandbox on,spawn=deny", USUAL | SANDBOX_SPAWN },
		{ "-sandbox on,resourcecontrol=deny", USUAL | SANDBOX_RESOURCES },
		{ "-sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,"
		  "resourcecontrol=deny",
		  USUAL | SANDBOX_PRIVILEGES | SANDBOX_SPAWN | SANDBOX_RESOURCES },
		{ "-sandbox on,spawn=deny -sandbox on,obsolete=allow", SANDBOX_ALWAYS },
		{ "-sandbox on -sandbox off", 0 },
		{ "explain a.elf -sandbox on", USUAL },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		const struct options *options = parse_well(cases[n].text);

		assert_int_equal(options->process.sandbox, cases[n].sets);
		assert_null(options->warnings);
	}
}

static void test_refusals(void **state)
{
	static const struct mistake refusals[] = {
		{ "-sandbox maybe", "-sandbox: enable: 'maybe' is not accepted; accepted: on|off" },
		{ "-sandbox on,fork=deny",
		  "-sandbox: no parameter 'fork'; accepted: enable, obsolete, elevateprivileges, "
		  "spawn, resourcecontrol" },
		{ "-sandbox off,spawn=children",
		  "-sandbox: spawn: 'children' is not accepted; accepted: allow|deny" },
		{ "-sandbox on,elevateprivileges=no",
		  "-sandbox: elevateprivileges: 'no' is not accepted; accepted: "
		  "allow|deny|children" },
		{ "-sandbox on,spawn=deny -nic user,id=n,guestfwd=tcp:10.0.2.4:1-cmd:cat",
		  "-netdev id=n: guestfwd=tcp:10.0.2.4:1-cmd:cat starts a program for each "
		  "connection; give chardev:ID, or leave spawn=deny out of -sandbox, which forbids "
		  "that" },
		{ "-nic user,guestfwd=tcp:10.0.2.4:1-unix:a -sandbox on,spawn=deny",
		  "-netdev id=nic0: guestfwd=tcp:10.0.2.4:1-unix:a starts a program for each "
		  "connection; give chardev:ID, or leave spawn=deny out of -sandbox, which forbids "
		  "that" },
		{ "-nic tap,script=up -sandbox on,spawn=deny",
		  "-netdev id=nic0: script=up starts a program; give script=no, or leave spawn=deny "
		  "out of -sandbox, which forbids that" },
		{ "-nic tap,script=no,downscript=down -sandbox on,spawn=deny",
		  "-netdev id=nic0: downscript=down starts a program; give downscript=no, or leave "
		  "spawn=deny out of -sandbox, which forbids that" },
	};

	check_errors_are(refusals, ARRAY_SIZE(refusals));
}

/* Some networks need no program. The host's usual scripts are not run. */
static void test_networks(void **state)
{
	const struct options *options =
		parse_well("-sandbox on,spawn=deny -nic tap -nic user,restrict=on "
			   "-nic user,guestfwd=tcp:10.0.2.4:1-chardev:c -chardev null,id=c");
	const struct net_tap *tap = options->net.netdevs[0].settings;

	assert_string_equal(tap->script, "no");
	assert_string_equal(tap->downscript, "no");
	options = parse_well("-sandbox on -nic tap,script=up "
			     "-nic user,guestfwd=tcp:10.0.2.4:1-cmd:cat");
	tap = options->net.netdevs[0].settings;
	assert_string_equal(tap->script, "up");
	assert_null(tap->downscript);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_sets),
	cmocka_unit_test(test_refusals),
	cmocka_unit_test(test_networks),
	{ 0 },
};
