/* SPDX-License-Identifier: MIT */
/*
 * Implements -netdev tap: an interface of the host, which root has created for the user, or which
 * Baya creates at the start if it has the rights.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frontends/net/port.h"
#include "frontends/net/socket.h"

#define DEVICE "/dev/net/tun"
#define FRAMES_MAX 256 /* received at once */
#define OFFLOAD_SIZE 10 /* the bytes of a struct virtio_net_hdr */

struct tap {
	const struct net_tap *options;
	int fd;
	char name[IFNAMSIZ];
	struct pollset *set;
	unsigned index;
	bool gone; /* the interface was deleted */
	u64 lost;
	size_t header; /* bytes that precede each frame at the descriptor: 0 or OFFLOAD_SIZE */
	u8 frame[OFFLOAD_SIZE + NET_FRAME_MAX];
};

static void send_tap(struct net_port *port, const u8 *frame, size_t size)
{
	static const u8 header[OFFLOAD_SIZE]; /* zeros: no offload */
	struct tap *tap = port->self;
	const struct iovec parts[] = { { (u8 *)header, tap->header }, { (u8 *)frame, size } };

	if (writev(tap->fd, parts, ARRAY_SIZE(parts)) < 0)
		tap->lost++;
}

static void fill_pollset_tap(struct net_port *port, struct pollset *set)
{
	struct tap *tap = port->self;

	tap->set = set;
	tap->index = POLLSET_NONE;
	if (!tap->gone && !net_port_full(port))
		tap->index = pollset_add(set, tap->fd, POLLIN);
}

/* Leaves an interface that was deleted alone: its descriptor would seem readable for ever. */
static void lose_interface(struct net_port *port)
{
	struct tap *tap = port->self;

	tap->gone = true;
	fprintf(stderr,
		"baya: -netdev tap,id=%s: %s has gone (%s); the machine goes on without it\n",
		port->options->id, tap->name, strerror(errno));
}

static void poll_tap(struct net_port *port, struct pollset *set)
{
	struct tap *tap = port->self;
	bool seen = tap->set == set && pollset_seen(set, tap->index);

	for (unsigned n = 0; seen && n < FRAMES_MAX && !net_port_full(port); n++) {
		ssize_t got = read(tap->fd, tap->frame, sizeof(tap->frame));

		if (got < 0 && errno != EAGAIN && errno != EINTR)
			lose_interface(port);
		if (got < (ssize_t)tap->header)
			return;
		net_port_receive(port, tap->frame + tap->header, (size_t)got - tap->header);
	}
}

/*
 * Returns the script to run: the one that is given or, as in QEMU, the usual one of the host, if it
 * exists. Only root can do what that does; the interface of another user is taken as root made it.
 */
static const char *choose_script(const struct net_tap *options, const char *given,
				 const char *usual)
{
	if (given || options->fd)
		return given;
	return !geteuid() && !access(usual, X_OK) ? usual : NULL;
}

/* Runs a script with the interface's name as its argument. Returns 0 or -errno. */
static int run_script(const char *script, const char *name)
{
	int status;
	pid_t child;

	if (!script || !strcmp(script, "no"))
		return 0;
	child = fork();
	if (child == 0) {
		execl(script, script, name, (char *)NULL);
		_exit(127);
	}
	if (child < 0)
		return -errno;
	/* A signal that ends Baya is noted, and takes effect afterwards. */
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -ENOEXEC;
}

static void close_tap(struct net_port *port)
{
	struct tap *tap = port->self;
	const char *script =
		choose_script(tap->options, tap->options->downscript, "/etc/qemu-ifdown");

	if (port->open && run_script(script, tap->name))
		fprintf(stderr, "baya: -netdev tap: downscript '%s' failed\n", script);
	if (tap->fd >= 0)
		close(tap->fd);
	free(tap);
}

/*
 * Finds the name of the interface, and whether a struct virtio_net_hdr precedes each frame. Whoever
 * opened a descriptor of fd= has chosen that; macvtap has it. The kernel then leaves checksums and
 * large segments to the reader, unless it is told not to.
 */
static int probe_interface(struct tap *tap)
{
	struct ifreq request = { 0 };
	const int size = OFFLOAD_SIZE;

	if (ioctl(tap->fd, TUNGETIFF, &request))
		return -errno;
	if (!(request.ifr_flags & IFF_TAP))
		return -ENOTTY;
	/* A struct tun_pi would precede each frame. */
	if (!(request.ifr_flags & IFF_NO_PI))
		return -EINVAL;
	memcpy(tap->name, request.ifr_name, sizeof(tap->name));
	if (!(request.ifr_flags & IFF_VNET_HDR))
		return 0;
	tap->header = OFFLOAD_SIZE;
	return ioctl(tap->fd, TUNSETVNETHDRSZ, &size) || ioctl(tap->fd, TUNSETOFFLOAD, 0) ? -errno :
											    0;
}

/* Gives the descriptor of the device an interface, which is made if it does not exist. */
static int attach_interface(struct tap *tap)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	const char *wanted = tap->options->interface;

	if (wanted && strlen(wanted) >= sizeof(request.ifr_name))
		return -ENAMETOOLONG;
	if (wanted)
		memcpy(request.ifr_name, wanted, strlen(wanted));
	return ioctl(tap->fd, TUNSETIFF, &request) ? -errno : 0;
}

static int open_interface(struct tap *tap)
{
	int failed;

	if (tap->options->fd) {
		tap->fd = net_open_fd(tap->options->fd);
		return tap->fd < 0 ? tap->fd : probe_interface(tap);
	}
	tap->fd = open(DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (tap->fd < 0)
		return -errno;
	failed = attach_interface(tap);
	return failed ? failed : probe_interface(tap);
}

/* Warns if the interface is down: the kernel then takes no frames, and sends none. */
static void warn_down(const struct tap *tap)
{
	int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { 0 };

	if (any < 0)
		return;
	memcpy(request.ifr_name, tap->name, sizeof(tap->name));
	if (!ioctl(any, SIOCGIFFLAGS, &request) && !(request.ifr_flags & IFF_UP))
		fprintf(stderr,
			"baya: -netdev tap: %s is down, so no frame passes; ip link set %s up, "
			"as root or by script=FILE, brings it up\n",
			tap->name, tap->name);
	close(any);
}

static int tap_failed_open(struct net_port *port, int failed, struct board_error *error)
{
	const struct tap *tap = port->self;
	const struct net_tap *options = tap->options;
	const char *name = options->interface ? options->interface : "tap0";

	if (options->fd)
		return net_port_fail(
			port, failed, error,
			"fd=%s: %s; give the descriptor of a tap or macvtap interface, "
			"opened with IFF_NO_PI",
			options->fd, strerror(-failed));
	if (tap->fd < 0)
		return net_port_fail(port, failed, error,
				     "cannot open %s: %s; every tap interface needs it: modprobe "
				     "tun makes it, and chmod a+rw %s lets all users open it",
				     DEVICE, strerror(-failed), DEVICE);
	if (failed == -EPERM || failed == -EACCES)
		return net_port_fail(port, failed, error,
				     "%s: not allowed; let root make it for "
				     "you: ip tuntap add mode tap user $USER name %s",
				     name, name);
	if (failed == -EBUSY)
		return net_port_fail(port, failed, error,
				     "%s is taken; give another in ifname=", name);
	if (failed == -EINVAL)
		return net_port_fail(port, failed, error,
				     "%s is no tap interface, or one with multi_queue; let root "
				     "make another: ip tuntap add mode tap user $USER name NAME",
				     name);
	return net_port_fail(port, failed, error, "cannot open %s: %s", name, strerror(-failed));
}

static int open_tap(struct net_port *port, struct board_error *error)
{
	const struct net_tap *options = port->options->settings;
	const char *script = choose_script(options, options->script, "/etc/qemu-ifup");
	struct tap *tap = calloc(1, sizeof(*tap));
	int failed;

	if (!tap)
		return net_port_fail(port, -ENOMEM, error, "not enough host memory");
	tap->options = options;
	tap->fd = -1;
	port->self = tap;
	failed = open_interface(tap);
	if (failed) {
		tap_failed_open(port, failed, error);
		close_tap(port);
		return failed;
	}
	failed = run_script(script, tap->name);
	if (failed) {
		close_tap(port);
		return net_port_fail(port, failed, error, "script '%s' failed; script=no runs none",
				     script);
	}
	/* The interface of a descriptor may be in another network namespace. */
	if (!options->fd)
		warn_down(tap);
	return 0;
}

static void info_tap(struct net_port *port, FILE *out)
{
	const struct tap *tap = port->self;

	if (tap->options->fd)
		fprintf(out, ", fd %s", tap->options->fd);
	fprintf(out, ", ifname %s%s, %llu frames not taken\n", tap->name,
		tap->gone ? " (gone)" : "", tap->lost);
}

const struct net_kind net_tap = {
	.open = open_tap,
	.close = close_tap,
	.send = send_tap,
	.fill_pollset = fill_pollset_tap,
	.poll = poll_tap,
	.info = info_tap,
};
