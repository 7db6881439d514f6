/* SPDX-License-Identifier: MIT */
/* Lists the words with which the command line can begin. */
#include "frontends/cli/verbs.h"

#include <string.h>

const struct options_command options_commands[] = {
	[COMMAND_RUN] = { "run", "debian" },
	[COMMAND_GET] = { "get", "debian|-h" },
	[COMMAND_TEST] = { "test", "FILE" },
	[COMMAND_EXPLAIN] = { "explain", "FILE" },
	[COMMAND_CYCLES] = { "cycles", "FILE" },
	[COMMAND_LOGDIFF] = { "logdiff", "FILE|--no-csrs|-h" },
	[COMMAND_SCREENSHOT] = { "screenshot", "FILE|-h" },
	[COMMAND_RELAY] = { "relay", "FILE" },
	[COMMAND_HELP] = { "help", "COMMANDS" },
	[COMMAND_NONE] = { NULL, "COMMANDS|FILE" },
};

enum command_word options_command(int argc, char **argv)
{
	unsigned n = 0;

	while (n < COMMAND_NONE && (argc < 2 || strcmp(argv[1], options_commands[n].name)))
		n++;
	return (enum command_word)n;
}
