/* SPDX-License-Identifier: MIT */
/* Describes the server and its viewers in the format of QEMU's `info vnc`. */
#include "frontends/display/window_vnc.h"

#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

#define HOST_MAX 64
#define PORT_MAX 8

typedef int socket_name(int fd, struct sockaddr *address, socklen_t *size);

/* Prints the address of one end of a socket, which getsockname or getpeername finds. Returns false
 * if there is none, because the viewer has just left. */
static bool put_end(FILE *out, const char *what, socket_name *name, int fd, bool browser)
{
	struct sockaddr_storage address = { 0 };
	const struct sockaddr *found = (const struct sockaddr *)&address;
	const char *websocket = browser ? " (Websocket)" : "";
	char host[HOST_MAX] = "", port[PORT_MAX] = "";
	socklen_t size = sizeof(address);

	if (name(fd, (struct sockaddr *)&address, &size))
		return false;
	if (found->sa_family == AF_UNIX) {
		fprintf(out, "  %s: :%s (unix%s)\n", what,
			((const struct sockaddr_un *)&address)->sun_path, websocket);
		return true;
	}
	getnameinfo(found, size, host, sizeof(host), port, sizeof(port),
		    NI_NUMERICHOST | NI_NUMERICSERV);
	fprintf(out, "  %s: %s:%s (%s%s)\n", what, host, port,
		found->sa_family == AF_INET6 ? "ipv6" : "ipv4", websocket);
	return true;
}

void vnc_describe(const struct window *window, FILE *out)
{
	const struct window_vnc *server = (const struct window_vnc *)window;

	fprintf(out, "default:\n");
	for (unsigned n = 0; n < VNC_LISTENERS; n++) {
		if (server->listeners[n].fd < 0)
			continue;
		if (put_end(out, "Server", getsockname, server->listeners[n].fd, n == 1))
			fprintf(out, "    Auth: %s (Sub: none)\n",
				window->setup.locked ? "vnc" : "none");
	}
	for (unsigned v = 0; v < VNC_VIEWERS_MAX; v++) {
		const struct vnc_viewer *viewer = &server->viewers[v];

		if (!viewer->here || viewer->gone || !viewer->greeted)
			continue;
		if (put_end(out, "Client", getpeername, viewer->socket, viewer->browser))
			fprintf(out, "    x509_dname: none\n    sasl_username: none\n");
	}
}
