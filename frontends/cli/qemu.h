/* SPDX-License-Identifier: MIT */
/*
 * QEMU's options for the process and its environment (cli/qemu.c), and hints for options that QEMU
 * or Spike has and Baya does not have (cli/missing.c). Only files of frontends/cli include this.
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
int apply_vga(struct parser *parser, const struct option *option, const char *value);
int apply_nodefaults(struct parser *parser, const struct option *option, const char *value);

/*
 * Parse -sandbox (cli/sandbox.c), and when the networks are known, refuse those that need what it
 * denies. Return 0 or -EINVAL.
 */
int apply_sandbox(struct parser *parser, const struct option *option, const char *value);
int finish_sandbox(struct parser *parser);

/*
 * Return the replacement for a device, a kind of network or an option that QEMU has and Baya does
 * not have; NULL if QEMU does not have it either.
 */
const char *missing_device(const char *name);
const char *missing_netdev(const char *name);
const char *missing_option(const char *name);

/*
 * Returns the same for an option of Spike's, given without dashes, or for another word of its
 * command lines.
 */
const char *missing_spike_option(const char *name);

/*
 * Refuses the items in an option's list that QEMU accepts and Baya does not, with such a hint.
 * Returns 0 or -EINVAL.
 */
int check_missing_items(struct parser *parser, const char *option, const char *list);

/*
 * Refuses -daemonize if anything uses standard input and output. Called when the consoles are
 * known. Returns 0 or -EINVAL.
 */
int finish_daemon(struct parser *parser);

/*
 * Checks the list of accelerators of -machine accel=A:B. One of them must be tcg. Returns 0 or
 * -EINVAL.
 */
int check_accel(struct parser *parser, const char *what, const char *words);

#endif
