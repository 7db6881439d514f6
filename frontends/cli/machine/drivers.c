/* SPDX-License-Identifier: MIT */
/*
 * The rows of -device, one per device for all its transports, and the checks of what a line must
 * name. To add a device, add a row here; devices/board/device_types.h says what else is needed.
 */
#include "frontends/cli/machine/net.h"
#include "frontends/cli/table.h"

#include <errno.h>
#include <string.h>

static const struct key disk_keys[] = {
	{ "drive", KEY_TEXT, offsetof(struct virtio_blk_properties, drive), "ID", 0, 0 },
	{ "serial", KEY_TEXT, offsetof(struct virtio_blk_properties, serial), "TEXT", 0, 0 },
	{ "num-queues", KEY_NUMBER, offsetof(struct virtio_blk_properties, queues), "N", 1, 8 },
	{ "werror", KEY_WORD, offsetof(struct virtio_blk_properties, on_write), ON_ERROR_WORDS,
	  0, 0 },
	{ "rerror", KEY_WORD, offsetof(struct virtio_blk_properties, on_read),
	  ON_READ_ERROR_WORDS, 0, 0 },
	{ "iothread", KEY_TEXT, offsetof(struct virtio_blk_properties, iothread), "ID", 0, 0 },
};

static const struct key port_bus_keys[] = {
	{ "chassis", KEY_NUMBER, offsetof(struct pcie_root_port_properties, chassis), "N", 0, 255 },
	{ "slot", KEY_NUMBER, offsetof(struct pcie_root_port_properties, slot), "N", 0, 8191 },
};

static const struct key share_keys[] = {
	{ "fsdev", KEY_TEXT, offsetof(struct share_properties, fsdev), "ID", 0, 0 },
	{ "mount_tag", KEY_TEXT, offsetof(struct share_properties, tag), "TAG", 0, 0 },
};

/* The words are in the order of enum fuse_cache. */
static const struct key fs_keys[] = {
	{ "fsdev", KEY_TEXT, offsetof(struct share_properties, fsdev), "ID", 0, 0 },
	{ "tag", KEY_TEXT, offsetof(struct share_properties, tag), "TAG", 0, 0 },
	{ "cache", KEY_WORD, offsetof(struct share_properties, cache), "auto|none|always", 0, 0 },
};

struct rng_properties {
	const char *rng;
};

static const struct key rng_keys[] = {
	{ "rng", KEY_TEXT, offsetof(struct rng_properties, rng), "ID", 0, 0 },
};

static const struct virtio_serial_properties serial_defaults = {
	.max_ports = VIRTIO_SERIAL_PORTS_MAX,
};

static const struct key serial_keys[] = {
	{ "max_ports", KEY_NUMBER, offsetof(struct virtio_serial_properties, max_ports), "N", 1,
	  VIRTIO_SERIAL_PORTS_MAX },
};

static const struct port_properties port_defaults = { .number = PORT_NUMBER_ANY };

static const struct key port_keys[] = {
	{ "chardev", KEY_TEXT, offsetof(struct port_properties, chardev), "ID", 0, 0 },
	{ "name", KEY_TEXT, offsetof(struct port_properties, name), "NAME", 0, 0 },
	{ "nr", KEY_NUMBER, offsetof(struct port_properties, number), "N", 0,
	  VIRTIO_SERIAL_PORTS_MAX - 1 },
	{ "bus", KEY_TEXT, offsetof(struct port_properties, bus), "ID.0", 0, 0 },
};

static const struct virtio_balloon_properties balloon_defaults = { .reporting = true };

static const struct key balloon_keys[] = {
	{ "deflate-on-oom", KEY_SWITCH, offsetof(struct virtio_balloon_properties, deflate_on_oom),
	  "on|off", 0, 0 },
	{ "free-page-reporting", KEY_SWITCH, offsetof(struct virtio_balloon_properties, reporting),
	  "on|off", 0, 0 },
};

static const struct virtio_gpu_properties gpu_defaults = { 1, 1280, 800, 96, 256 * MiB };

static const struct key gpu_keys[] = {
	{ "max_outputs", KEY_NUMBER, offsetof(struct virtio_gpu_properties, outputs), "N", 1, 16 },
	{ "xres", KEY_NUMBER, offsetof(struct virtio_gpu_properties, width), "PIXELS", 64, 16384 },
	{ "yres", KEY_NUMBER, offsetof(struct virtio_gpu_properties, height), "PIXELS", 64, 16384 },
	{ "dpi", KEY_NUMBER, offsetof(struct virtio_gpu_properties, dpi), "N", 48, 1000 },
	{ "max_hostmem", KEY_SIZE, offsetof(struct virtio_gpu_properties, memory), "SIZE", MiB,
	  4 * GiB },
};

static const struct ramfb_properties ramfb_defaults = { 1024, 768 };

static const struct key ramfb_keys[] = {
	{ "xres", KEY_NUMBER, offsetof(struct ramfb_properties, width), "PIXELS", 64, 2560 },
	{ "yres", KEY_NUMBER, offsetof(struct ramfb_properties, height), "PIXELS", 64, 1600 },
};

static const struct board_load loader_defaults = { .addr = UINT64_MAX };

static const struct key net_keys[] = {
	{ "netdev", KEY_TEXT, offsetof(struct virtio_net_properties, netdev), "ID", 0, 0 },
	{ "mac", KEY_TEXT, offsetof(struct virtio_net_properties, address), "ADDRESS", 0, 0 },
	{ "host_mtu", KEY_NUMBER, offsetof(struct virtio_net_properties, mtu), "BYTES", 68, 65520 },
	{ "mq", KEY_SWITCH, offsetof(struct virtio_net_properties, multiqueue), "on|off", 0, 0 },
};

static const struct key sound_keys[] = {
	{ "audiodev", KEY_TEXT, offsetof(struct virtio_sound_properties, audiodev), "ID", 0, 0 },
};

static const struct key vsock_keys[] = {
	{ "guest-cid", KEY_NUMBER, offsetof(struct virtio_vsock_properties, cid), "N", 3,
	  UINT32_MAX - 1 },
	{ "socket", KEY_TEXT, offsetof(struct virtio_vsock_properties, socket), "PATH", 0, 0 },
};

static int finish_vsock(struct parser *parser, const struct device_line *line)
{
	const struct virtio_vsock_properties *vsock = line->properties;

	if (vsock->cid && vsock->socket)
		return 0;
	return keyval_fail(parser->error,
			   "-device %s: needs guest-cid=N, 3 or more, and socket=PATH",
			   line->driver->names[line->transport]);
}

static const struct key loader_keys[] = {
	{ "file", KEY_TEXT, offsetof(struct board_load, file), "FILE", 0, 0 },
	{ "addr", KEY_NUMBER, offsetof(struct board_load, addr), "ADDRESS", 0, 0 },
	{ "force-raw", KEY_SWITCH, offsetof(struct board_load, raw), "on|off", 0, 0 },
};

static const struct key object_keys[] = {
	{ "id", KEY_TEXT, offsetof(struct object, id), "ID", 0, 0 },
	{ "filename", KEY_TEXT, offsetof(struct object, filename), "FILE", 0, 0 },
};

/* The guest's entropy always comes from the host; the object only exists to be named. */
static int apply_entropy(struct parser *parser, const char *list)
{
	const struct keyval keyval = { "-object", object_keys, ARRAY_SIZE(object_keys), NULL };
	struct object *object = &parser->objects[parser->object_count];
	int failed;

	if (parser->object_count == BACKENDS_MAX)
		return keyval_fail(parser->error, "-object: more than %d objects", BACKENDS_MAX);
	failed = keyval_parse(&keyval, list, object, &parser->options->strings, parser->error);
	if (failed)
		return failed;
	if (!object->id)
		return keyval_fail(parser->error, "-object: '%s' needs id=ID", list);
	if (object->filename && keyval_word("/dev/urandom|/dev/random", object->filename) < 0)
		return keyval_fail(parser->error,
				   "-object: filename: '%s' is not accepted; "
				   "accepted: /dev/urandom, /dev/random",
				   object->filename);
	parser->object_count++;
	return 0;
}

struct iothread_list {
	const char *id;
	u64 ignored;
};

static const struct key iothread_keys[] = {
	{ "id", KEY_TEXT, offsetof(struct iothread_list, id), "ID", 0, 0 },
	{ "poll-max-ns", KEY_NUMBER, offsetof(struct iothread_list, ignored), "N", 0, 0 },
	{ "poll-grow", KEY_NUMBER, offsetof(struct iothread_list, ignored), "N", 0, 0 },
	{ "poll-shrink", KEY_NUMBER, offsetof(struct iothread_list, ignored), "N", 0, 0 },
	{ "aio-max-batch", KEY_NUMBER, offsetof(struct iothread_list, ignored), "N", 0, 0 },
	{ "thread-pool-min", KEY_NUMBER, offsetof(struct iothread_list, ignored), "N", 0, 0 },
	{ "thread-pool-max", KEY_NUMBER, offsetof(struct iothread_list, ignored), "N", 0, 0 },
};

/* Requests of a disk always complete while the guest makes them; the object only exists to be
 * named. */
static int apply_iothread(struct parser *parser, const char *list)
{
	const struct keyval keyval = { "-object iothread", iothread_keys,
				       ARRAY_SIZE(iothread_keys), NULL };
	struct iothread_list thread = { 0 };
	int failed = keyval_parse(&keyval, list, &thread, &parser->options->strings, parser->error);

	if (failed)
		return failed;
	if (parser->object_count == BACKENDS_MAX)
		return keyval_fail(parser->error, "-object: more than %d objects", BACKENDS_MAX);
	if (!thread.id)
		return keyval_fail(parser->error, "-object iothread: needs id=ID");
	parser->objects[parser->object_count++] = (struct object){ thread.id, NULL, true };
	return 0;
}

bool object_is_there(const struct parser *parser, const char *id, bool thread)
{
	for (unsigned i = 0; i < parser->object_count; i++)
		if (!strcmp(parser->objects[i].id, id) && parser->objects[i].is_thread == thread)
			return true;
	return false;
}

int apply_object(struct parser *parser, const struct option *option, const char *value)
{
	static const struct key type_key = { "qom-type", KEY_WORD, 0, OBJECT_TYPES, 0, 0 };
	static const struct keyval keyval = { "-object", &type_key, 1, "qom-type" };
	/* These parse the rest of the list, in the order of OBJECT_TYPES. */
	static int (*const types[])(struct parser *parser, const char *list) = {
		apply_entropy, apply_entropy, apply_dump, apply_secret, apply_iothread,
		apply_memory_ram, apply_memory_file, apply_memory_memfd,
	};
	const char *rest = value, *first = keyval_first(&parser->options->strings, &rest);
	unsigned type;
	int failed = keyval_parse(&keyval, first, &type, &parser->options->strings, parser->error);

	(void)option;
	if (!failed && !rest)
		failed = keyval_fail(parser->error, "-object: '%s' needs id=ID", value);
	return failed ? failed : types[type](parser, rest);
}

static int finish_rng(struct parser *parser, const struct device_line *line)
{
	const struct rng_properties *properties = line->properties;

	if (!properties->rng || object_is_there(parser, properties->rng, false))
		return 0;
	return keyval_fail(parser->error, "-device %s: rng=%s: no -object has this id",
			   line->driver->names[line->transport], properties->rng);
}

/* The slot number identifies the port to people, so it must be unique. */
static int finish_root_port(struct parser *parser, const struct device_line *line)
{
	const struct pcie_root_port_properties *port = line->properties;
	const struct board_config *board = &parser->options->board;

	for (unsigned i = 0; i < board->device_count; i++) {
		const struct pcie_root_port_properties *other = board->devices[i].properties;

		if (!strcmp(board->devices[i].type, line->driver->type) &&
		    other->chassis == port->chassis && other->slot == port->slot)
			return keyval_fail(parser->error,
					   "-device pcie-root-port: chassis=%llu,"
					   "slot=%llu is given twice",
					   port->chassis, port->slot);
	}
	return 0;
}

static int finish_balloon(struct parser *parser, const struct device_line *line)
{
	const struct board_config *board = &parser->options->board;

	for (unsigned i = 0; i < board->device_count; i++)
		if (!strcmp(board->devices[i].type, line->driver->type))
			return keyval_fail(parser->error,
					   "-device %s: a machine can have only one balloon",
					   line->driver->names[line->transport]);
	return 0;
}

static int add_loader(struct parser *parser, const struct driver *driver, const void *properties)
{
	struct board_config *board = &parser->options->board;
	struct board_load load = *(const struct board_load *)properties;

	(void)driver;
	if (!load.file)
		return keyval_fail(parser->error, "-device loader: names no file; add file=FILE");
	load.has_addr = load.addr != UINT64_MAX;
	if (load.raw && !load.has_addr)
		return keyval_fail(parser->error,
				   "-device loader: force-raw=on needs addr=ADDRESS");
	if (board->load_count == BOARD_LOADS_MAX)
		return keyval_fail(parser->error, "-device loader: more than %d files",
				   BOARD_LOADS_MAX);
	board->loads[board->load_count++] = load;
	return 0;
}

/* A virtio device with both transports. */
#define BOTH(name) { [DEVICE_MMIO] = name "-device", [DEVICE_PCI] = name "-pci" }
#define KEYS(keys, type) keys, ARRAY_SIZE(keys), sizeof(type)
#define NO_KEYS NULL, 0, 0

const struct driver drivers_table[] = {
	{ BOTH("virtio-blk"), "virtio-blk",
	  "A disk; drive= names a -drive with if=none and this id.",
	  KEYS(disk_keys, struct virtio_blk_properties), NULL, NULL, finish_disk },
	{ BOTH("virtio-9p"), "virtio-9p",
	  "A folder of the host; fsdev= names an -fsdev, mount_tag= is the name that the guest "
	  "mounts.",
	  KEYS(share_keys, struct share_properties), NULL, NULL, finish_share },
	{ BOTH("virtio-fs"), "virtio-fs",
	  "A folder of the host; fsdev= names an -fsdev, tag= is the name that the guest mounts. "
	  "The guest caches names and attributes for a second; with cache=none it does not, with "
	  "cache=always for ever.",
	  KEYS(fs_keys, struct share_properties), NULL, NULL, finish_share },
	{ BOTH("virtio-net"), "virtio-net",
	  "A network card; netdev= names a -netdev.",
	  KEYS(net_keys, struct virtio_net_properties), NULL, NULL, finish_net },
	{ BOTH("virtio-rng"), "virtio-rng", "Entropy from the host.",
	  KEYS(rng_keys, struct rng_properties), NULL, NULL, finish_rng },
	{ BOTH("virtio-serial"), "virtio-serial",
	  "A bus for virtconsole and virtserialport, with max_ports= ports; the default is 31.",
	  KEYS(serial_keys, struct virtio_serial_properties), &serial_defaults, NULL,
	  finish_serial_bus },
	{ { [DEVICE_ALONE] = "virtconsole" }, NULL,
	  "A virtio console (hvc0, or hvc1 beside the firmware's); chardev= names a -chardev; "
	  "without it the console shares the terminal with the serial port.",
	  KEYS(port_keys, struct port_properties), &port_defaults,
	  add_console_port, NULL },
	{ { [DEVICE_ALONE] = "virtserialport" }, NULL,
	  "A port for programs: /dev/vport0p1, and /dev/virtio-ports/NAME where udev runs; "
	  "chardev= names the -chardev that it is connected to.",
	  KEYS(port_keys, struct port_properties), &port_defaults,
	  add_serial_port, NULL },
	{ { [DEVICE_PCI] = "pcie-root-port" }, "pcie-root-port",
	  "A PCIe slot for a -device NAME-pci,bus=ID; virtio-blk-pci and virtio-rng-pci can be "
	  "added and removed while the machine runs, by device_add and device_del of the monitor "
	  "and QMP.",
	  KEYS(port_bus_keys, struct pcie_root_port_properties), NULL, NULL, finish_root_port },
	{ BOTH("virtio-balloon"), "virtio-balloon",
	  "A memory balloon: the monitor's balloon MIB takes memory from the guest and gives it "
	  "back; free-page-reporting=on, the default, returns memory that the guest frees to the "
	  "host.",
	  KEYS(balloon_keys, struct virtio_balloon_properties), &balloon_defaults, NULL,
	  finish_balloon },
	{ BOTH("virtio-gpu"), "virtio-gpu",
	  "A screen, or several with max_outputs=; -display shows it. dpi= (96) tells the guest "
	  "its dots per inch: some desktops scale by two from 192 on.",
	  KEYS(gpu_keys, struct virtio_gpu_properties), &gpu_defaults, NULL, NULL },
	{ { [DEVICE_ALONE] = "ramfb" }, "ramfb",
	  "A screen in the guest's memory, at the place that firmware gives through fw_cfg; "
	  "without such firmware it is the simple-framebuffer of the device tree, of xres= by "
	  "yres=.",
	  KEYS(ramfb_keys, struct ramfb_properties), &ramfb_defaults, NULL, NULL },
	{ BOTH("virtio-keyboard"), "virtio-keyboard",
	  "A keyboard, which gets the keys typed into the window.", NO_KEYS, NULL, NULL, NULL },
	{ BOTH("virtio-tablet"), "virtio-tablet",
	  "A pointer that follows the host's, without a grab.", NO_KEYS, NULL, NULL, NULL },
	{ BOTH("virtio-mouse"), "virtio-mouse",
	  "A mouse, for guests that know no tablet; Ctrl-Alt-g grabs the host's.",
	  NO_KEYS, NULL, NULL, NULL },
	{ BOTH("virtio-vsock"), "virtio-vsock",
	  "Sockets (AF_VSOCK) between the guest, whose number is guest-cid=, and the host: a "
	  "program that connects to the Unix socket PATH and writes \"CONNECT N\" and an end of "
	  "line reaches the guest's port N, and is told \"OK\"; the guest's connections to the "
	  "host's port N arrive at PATH_N.",
	  KEYS(vsock_keys, struct virtio_vsock_properties), NULL, NULL, finish_vsock },
	{ BOTH("virtio-sound"), "virtio-sound",
	  "A sound card; audiodev= names an -audiodev, whose frequency, channels and format it has.",
	  KEYS(sound_keys, struct virtio_sound_properties), NULL, NULL, finish_sound },
	{ { [DEVICE_ALONE] = "loader" }, NULL,
	  "Puts a file into memory: an ELF by its own addresses, anything else at addr=.",
	  KEYS(loader_keys, struct board_load), &loader_defaults, add_loader, NULL },
};
const unsigned drivers_count = ARRAY_SIZE(drivers_table);
