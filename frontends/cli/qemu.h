/* SPDX-License-Identifier: MIT */
/*
 * Options that QEMU's command lines have for the process and its surroundings (cli/qemu.c), and
 * those that QEMU has and Baya has not (cli/missing.c). Private to the options_*.c files.
 */
#ifndef FRONTENDS_CLI_QEMU_H
#define FRONTENDS_CLI_QEMU_H

struct option;
struct parser;

int apply_accel(struct parser *parser, const struct option *option, const char *value);
int apply_boot(struct parser *parser, const struct option *option, const char *value);
int apply_uuid(struct parser *parser, const struct option *option, const char *value);
int apply_name(struct parser *parser, const struct option *option, const char *value);
int apply_keyboard(struct parser *parser, const struct option *option, const char *value);
int apply_msg(struct parser *parser, const struct option *option, const char *value);
int apply_overcommit(struct parser *parser, const struct option *option, const char *value);
int apply_fw_cfg(struct parser *parser, const struct option *option, const char *value);
int apply_icount(struct parser *parser, const struct option *option, const char *value);

int apply_end_action(struct parser *parser, const struct option *option, const char *value);
int apply_no_shutdown(struct parser *parser, const struct option *option, const char *value);

/* What to use in place of a device or option that QEMU has and Baya has not; NULL: neither has. */
const char *missing_device(const char *name);
const char *missing_option(const char *name);

/* -daemonize: before the consoles are put together, and when they are. 0 or -EINVAL. */
void begin_daemon(struct parser *parser);
int finish_daemon(struct parser *parser);

/* The accelerators of -machine accel=A:B, of which one must be here. */
int check_accel(struct parser *parser, const char *what, const char *words);

#endif
