/* SPDX-License-Identifier: MIT */
/*
 * Implements `baya screenshot WHERE FILE [SCREEN]`, which saves what a running machine shows, by a
 * QMP command.
 */
#ifndef FRONTENDS_DISPLAY_SCREENSHOT_H
#define FRONTENDS_DISPLAY_SCREENSHOT_H

/* Runs the command; argv[0] is "screenshot". Returns the program's exit code. */
int screenshot(int argc, char **argv);

#endif
