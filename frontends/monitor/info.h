/* SPDX-License-Identifier: MIT */
/* The monitor's commands that describe the machine. They are rows of the table in monitor.c. */
#ifndef FRONTENDS_MONITOR_INFO_H
#define FRONTENDS_MONITOR_INFO_H

#include <stdio.h>

#define MONITOR_UUID 37 /* bytes of a UUID as text, with its NUL */

struct monitor;

/*
 * Stores the machine's -uuid as text, in the form of RFC 4122; its digits are zeros if there is
 * none.
 */
void monitor_uuid(const struct monitor *monitor, char text[MONITOR_UUID]);

void monitor_info_registers(struct monitor *monitor, char **words, FILE *out);
void monitor_info_name(struct monitor *monitor, char **words, FILE *out);
void monitor_info_uuid(struct monitor *monitor, char **words, FILE *out);
void monitor_info_version(struct monitor *monitor, char **words, FILE *out);
void monitor_info_cpus(struct monitor *monitor, char **words, FILE *out);
void monitor_info_mtree(struct monitor *monitor, char **words, FILE *out);
void monitor_info_pci(struct monitor *monitor, char **words, FILE *out);
void monitor_info_pic(struct monitor *monitor, char **words, FILE *out);
void monitor_info_traps(struct monitor *monitor, char **words, FILE *out);
void monitor_info_tlb(struct monitor *monitor, char **words, FILE *out);
void monitor_info_jit(struct monitor *monitor, char **words, FILE *out);
void monitor_info_qtree(struct monitor *monitor, char **words, FILE *out);
void monitor_info_block(struct monitor *monitor, char **words, FILE *out);
void monitor_info_blockstats(struct monitor *monitor, char **words, FILE *out);

#endif
