/* SPDX-License-Identifier: MIT */
/* The exit codes of the program; cli/print.c explains them to users. */
#ifndef FRONTENDS_HOST_EXIT_CODE_H
#define FRONTENDS_HOST_EXIT_CODE_H

enum exit_code {
	EXIT_WELL = 0, /* the guest ended successfully, or the user ended the run */
	EXIT_GUEST_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_HOST = 3,
	EXIT_LIMIT = 4,
	EXIT_DEAD = 5,
	EXIT_PANIC = 6,
	EXIT_DISAGREE = 7, /* two engines differ, or a replay and the recorded run */
	/* Plus the number of a signal: how shells report the end by that signal. */
	EXIT_BY_SHELL = 128,
	/* Plus the number of a signal, by which process_finish ends the process. */
	EXIT_SIGNAL = 256,
	/*
	 * Plus the code of the guest's program, 1 to 255, where that becomes the exit code. It is
	 * not mistaken for one of the above; process_finish takes the low byte.
	 */
	EXIT_PROGRAM = -256,
};

/*
 * Returns the exit code of a run that ended with `code`, and of which an input or output failed,
 * for which the code is `failure` (EXIT_WELL: none failed). That the data is incomplete is more
 * important than success or a limit that was reached, but not than another end of the guest. The
 * guest's end does not count if it is that of another run than the recorded one.
 */
static inline int exit_code_of(int code, int failure)
{
	if (failure == EXIT_DISAGREE)
		return failure;
	return failure && (code == EXIT_WELL || code == EXIT_LIMIT) ? failure : code;
}

#endif
