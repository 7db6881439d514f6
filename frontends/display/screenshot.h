/* SPDX-License-Identifier: MIT */
/* `baya screenshot WHERE FILE [SCREEN]`: saves what a running machine shows, asking it by QMP. */
#ifndef FRONTENDS_DISPLAY_SCREENSHOT_H
#define FRONTENDS_DISPLAY_SCREENSHOT_H

/* argv[0] is the word screenshot. Returns the program's exit code. */
int screenshot(int argc, char **argv);

#endif
