/* SPDX-License-Identifier: MIT */
/* Implements info network, set_link, hostfwd_add and hostfwd_remove by functions of net.h. */
#include "frontends/monitor/net.h"

#include <errno.h>
#include <string.h>

#include "frontends/host/keyval.h"
#include "frontends/monitor/monitor.h"
#include "frontends/net/net.h"
#include "frontends/net/options.h"

void monitor_network(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	if (monitor->net)
		net_info(monitor->net, out);
}

void monitor_set_link(struct monitor *monitor, char **words, FILE *out)
{
	int level = words[1] && words[2] ? keyval_word("off|on", words[2]) : -1;

	if (level < 0 || !monitor->net)
		fprintf(out, "set_link: give a card or its netdev, and on or off\n");
	else if (!net_link(monitor->net, words[1], level))
		fprintf(out, "set_link: no card or network '%s' (info network lists them)\n",
			words[1]);
}

/* Adds or removes a forwarded port; the arguments are [NETDEV] RULE. */
static void monitor_forward(struct monitor *monitor, char **words, const char *rule, bool add,
			    FILE *out)
{
	const char *netdev = words[2] ? words[1] : NULL;
	struct net_forward found;
	int failed;

	if (!monitor->net || !net_parse_forward(rule, &found)) {
		fprintf(out, "%s: give [NETDEV] tcp|udp:[ADDRESS]:PORT%s\n", words[0],
			add ? "-[ADDRESS]:PORT, as in hostfwd_add tcp:127.0.0.1:2222-:22" : "");
		return;
	}
	failed = net_forward_port(monitor->net, netdev, &found, add);
	if (failed == -ENODEV)
		fprintf(out, "%s: no %s%s (info network lists them)\n", words[0],
			netdev ? "-netdev user with id=" : "-netdev user", netdev ? netdev : "");
	else if (failed == -EADDRINUSE)
		fprintf(out,
			"Could not set up host forwarding rule '%s': %s; give another port before "
			"the '-'\n",
			rule, strerror(-failed));
	else if (failed)
		fprintf(out, "%s: %s\n", words[0], add ? strerror(-failed) : "there is none");
}

void monitor_hostfwd_add(struct monitor *monitor, char **words, FILE *out)
{
	const char *rule = words[1] && words[2] ? words[2] : words[1];

	monitor_forward(monitor, words, rule ? rule : "", true, out);
}

/* Removes a forwarded port. The argument has no guest's side, so a placeholder is appended, which
 * the removal ignores. */
void monitor_hostfwd_remove(struct monitor *monitor, char **words, FILE *out)
{
	const char *side = words[1] && words[2] ? words[2] : words[1];
	char rule[MONITOR_LINE_MAX + 4];

	snprintf(rule, sizeof(rule), "%s-:1", side ? side : "");
	monitor_forward(monitor, words, rule, false, out);
}
