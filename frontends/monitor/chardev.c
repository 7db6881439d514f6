/* SPDX-License-Identifier: MIT */
/* See monitor/chardev.h. */
#include "frontends/monitor/chardev.h"

#include "frontends/chardev/port.h"
#include "frontends/monitor/monitor.h"
#include "frontends/net/link.h"

void monitor_info_chardev(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	if (monitor->ports)
		port_info(monitor->ports, out);
	if (monitor->links)
		link_info(*monitor->links, out);
}

void monitor_chardev_send_break(struct monitor *monitor, char **words, FILE *out)
{
	if (!words[1])
		fprintf(out, "chardev-send-break: give the id of a -chardev, or serial0\n");
	else if (!monitor->ports || !port_send_break(monitor->ports, words[1]))
		fprintf(out, "chardev-send-break: no port '%s' (info chardev lists them)\n",
			words[1]);
}
