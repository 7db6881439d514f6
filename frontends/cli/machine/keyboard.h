/* SPDX-License-Identifier: MIT */
/* Implements -k, the layout of the guest's keyboard. Only files of frontends/cli include this. */
#ifndef FRONTENDS_CLI_MACHINE_KEYBOARD_H
#define FRONTENDS_CLI_MACHINE_KEYBOARD_H

struct option;
struct parser;

int apply_keyboard(struct parser *parser, const struct option *option, const char *value);

#endif
