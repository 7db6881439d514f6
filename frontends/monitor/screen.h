/* SPDX-License-Identifier: MIT */
/*
 * The monitor's commands for screen, keyboard and pointer. They are rows of the table in monitor.c.
 */
#ifndef FRONTENDS_MONITOR_SCREEN_H
#define FRONTENDS_MONITOR_SCREEN_H

#include <stdio.h>

struct monitor;

void monitor_screendump(struct monitor *monitor, char **words, FILE *out);
void monitor_sendkey(struct monitor *monitor, char **words, FILE *out);
void monitor_mouse_move(struct monitor *monitor, char **words, FILE *out);
void monitor_mouse_button(struct monitor *monitor, char **words, FILE *out);
void monitor_powerdown(struct monitor *monitor, char **words, FILE *out);
void monitor_set_password(struct monitor *monitor, char **words, FILE *out);
void monitor_info_vnc(struct monitor *monitor, char **words, FILE *out);
void monitor_change(struct monitor *monitor, char **words, FILE *out);

#endif
