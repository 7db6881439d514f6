/* SPDX-License-Identifier: MIT */
/*
 * Options of QEMU's command lines for the process and its environment (cli/qemu.c), and those that
 * QEMU or Spike has and Baya has not (cli/missing.c). Only files of frontends/cli include this.
 */
#ifndef FRONTENDS_CLI_QEMU_H
#define FRONTENDS_CLI_QEMU_H

struct option;
struct parser;

int apply_accel(struct parser *parser, const struct option *option, const char *value);
int apply_boot(struct parser *parser, const struct option *option, const char *value);
int apply_uuid(struct parser *parser, const struct option *option, const char *value);
int apply_name(struct parser *parser, const struct option *option, const char *value);
int apply_msg(struct parser *parser, const struct option *option, const char *value);
int apply_overcommit(struct parser *parser, const struct option *option, const char *value);
int apply_fw_cfg(struct parser *parser, const struct option *option, const char *value);
int apply_icount(struct parser *parser, const struct option *option, const char *value);

int apply_end_action(struct parser *parser, const struct option *option, const char *value);
int apply_no_shutdown(struct parser *parser, const struct option *option, const char *value);
int apply_watchdog(struct parser *parser, const struct option *option, const char *value);
int apply_sandbox(struct parser *parser, const struct option *option, const char *value);
int apply_vga(struct parser *parser, const struct option *option, const char *value);
int apply_nodefaults(struct parser *parser, const struct option *option, const char *value);

/* Say what to use in place of a device or option that QEMU has and Baya has not; NULL: neither has
 * it. */
const char *missing_device(const char *name);
const char *missing_netdev(const char *name);
const char *missing_option(const char *name);

/* Says so of an option of Spike's, without dashes, or of a word of its command lines. */
const char *missing_spike_option(const char *name);

/* Does so for the keys and words in the list of an option; returns 0 or -EINVAL. */
int check_missing_items(struct parser *parser, const char *option, const char *list);

/* -daemonize: called when the consoles are put together. Returns 0 or -EINVAL. */
int finish_daemon(struct parser *parser);

/* Checks the accelerators of -machine accel=A:B, of which Baya must have one. */
int check_accel(struct parser *parser, const char *what, const char *words);

#endif
