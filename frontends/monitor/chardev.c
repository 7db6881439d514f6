/* SPDX-License-Identifier: MIT */
/* See monitor/chardev.h. */
#include "frontends/monitor/chardev.h"

#include "frontends/chardev/port.h"
#include "frontends/monitor/monitor.h"
#include "frontends/net/link.h"

void monitor_chardev(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	if (monitor->ports)
		port_info(monitor->ports, out);
	if (monitor->links)
		link_info(*monitor->links, out);
}
