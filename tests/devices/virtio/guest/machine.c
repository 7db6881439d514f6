/* SPDX-License-Identifier: MIT */
/* Machines with the real devices, each with what it needs on the host's side. */
#include "machine.h"
#include "devices/screen/edid.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEADER GUEST_DATA
#define STATUS (GUEST_DATA + 64)
#define BUFFER (GUEST_DATA + 4096)

static void machine_sent(void *ctx, const u8 *data, size_t size)
{
	struct machine *machine = ctx;
	volatile u8 last = data[size - 1]; /* all of the data can be read */

	(void)last;
	machine->output += size;
}

static void init_blk(struct machine *machine)
{
	struct virtio_blk_setup setup = { .name = "virtio0", .disk = &machine->disk,
					  .serial = "serial", .queues = 2 };
	int fd;

	strcpy(machine->path, "/tmp/baya-virtio-XXXXXX");
	fd = mkstemp(machine->path);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, MACHINE_SECTORS * 512), 0);
	close(fd);
	assert_int_equal(
		disk_open(&machine->disk, machine->path, machine->kind == MACHINE_BLK_READONLY), 0);
	virtio_blk_init(&machine->blk, &machine->guest.platform, &setup);
	machine->virtio = &machine->blk.virtio;
}

static void init_ports(struct machine *machine, const struct virtio_serial_properties *properties)
{
	virtio_console_init(&machine->console, &machine->guest.platform, "virtio0", properties);
	for (unsigned n = 0; n < 2; n++) {
		machine->console.ports[n].chardev.write = machine_sent;
		machine->console.ports[n].chardev.ctx = machine;
	}
	machine->virtio = &machine->console.virtio;
}

static void init_console(struct machine *machine)
{
	init_ports(machine, NULL);
}

static void init_serial(struct machine *machine)
{
	static const struct virtio_serial_port ports[] = {
		{ .number = 0, .console = true }, { .number = 1, .name = "org.test.0" },
	};
	static const struct virtio_serial_properties properties = { 2, ports, 2 };

	init_ports(machine, &properties);
}

static void init_net(struct machine *machine)
{
	const struct virtio_net_setup setup = {
		.name = "virtio0", .mac = { 2, 0, 0, 0, 0, 1 }, .mtu = 1500, .pairs = 1,
	};

	virtio_net_init(&machine->net, &machine->guest.platform, &setup);
	machine->net.net.send = machine_sent;
	machine->net.net.ctx = machine;
	machine->virtio = &machine->net.virtio;
}

static void init_rng(struct machine *machine)
{
	virtio_rng_init(&machine->rng, &machine->guest.platform, "virtio0");
	machine->virtio = &machine->rng.virtio;
}

static void init_gpu(struct machine *machine)
{
	const struct virtio_gpu_setup setup = { "virtio0", 1, 640, 480, EDID_DPI, 16 * MiB };

	assert_int_equal(virtio_gpu_init(&machine->gpu, &machine->guest.platform, &setup), 0);
	machine->virtio = &machine->gpu.virtio;
}

static void init_input(struct machine *machine)
{
	virtio_input_init(&machine->input, &machine->guest.platform, "virtio0", INPUT_KEYBOARD);
	machine->virtio = &machine->input.virtio;
}

static void init_sound(struct machine *machine)
{
	const struct audio_settings settings = { AUDIO_RATE_44100, AUDIO_RATES_COMMON,
						 AUDIO_FORMAT_S16, 2 };

	virtio_sound_init(&machine->sound, &machine->guest.platform, "virtio0", &settings,
			  &settings);
	machine->virtio = &machine->sound.virtio;
}

static void init_balloon(struct machine *machine)
{
	static const struct virtio_balloon_properties properties = {
		.deflate_on_oom = true,
		.reporting = true,
	};

	virtio_balloon_init(&machine->balloon, &machine->guest.platform, "virtio0", &properties);
	machine->virtio = &machine->balloon.virtio;
}

/* Initializes a socket device. Connection requests below have another cid, and are dropped. */
static void init_vsock(struct machine *machine)
{
	static const struct virtio_vsock_properties properties = { 3, "none" };

	virtio_vsock_init(&machine->vsock, &machine->guest.platform, "virtio0", &properties);
	machine->virtio = &machine->vsock.virtio;
}

static void init_share(struct machine *machine)
{
	const struct share_properties properties = { .path = machine->path,
						     .tag = "tag",
						     .readonly = true };
	const struct device_context context = { .platform = &machine->guest.platform,
						 .descriptors = 512 };
	struct device_setup setup = { .context = &context, .name = "virtio0",
				      .properties = &properties };
	int failed;

	strcpy(machine->path, "/tmp/baya-virtio-XXXXXX");
	assert_non_null(mkdtemp(machine->path));
	failed = machine->kind == MACHINE_9P ?
			 virtio_p9_device.create(&machine->p9, &setup, &machine->virtio) :
			 virtio_fs_device.create(&machine->fs, &setup, &machine->virtio);
	assert_int_equal(failed, 0);
}

void machine_init(struct machine *machine, enum machine_kind kind)
{
	static void (*const init[MACHINE_KINDS])(struct machine *machine) = {
		init_blk, init_blk, init_console, init_net, init_rng, init_gpu, init_input,
		init_serial, init_sound, init_balloon, init_vsock, init_share, init_share,
	};

	*machine = (struct machine){ .kind = kind };
	guest_init(&machine->guest, CLOCK_VIRTUAL);
	init[kind](machine);
	guest_attach(&machine->guest, machine->virtio);
}

void machine_free(struct machine *machine)
{
	guest_free(&machine->guest);
	virtio_gpu_free(&machine->gpu);
	if (machine->kind == MACHINE_9P)
		virtio_p9_device.free(&machine->p9);
	if (machine->kind == MACHINE_FS)
		virtio_fs_device.free(&machine->fs);
	if (machine_shares(machine))
		assert_int_equal(rmdir(machine->path), 0);
	if (machine->kind > MACHINE_BLK_READONLY)
		return;
	disk_close(&machine->disk);
	assert_int_equal(unlink(machine->path), 0);
}

bool machine_outputs(const struct machine *machine)
{
	return machine->kind == MACHINE_CONSOLE || machine->kind == MACHINE_SERIAL ||
	       machine->kind == MACHINE_NET;
}

bool machine_shares(const struct machine *machine)
{
	return machine->kind == MACHINE_9P || machine->kind == MACHINE_FS;
}

unsigned machine_queue(const struct machine *machine)
{
	return machine_outputs(machine) || machine->kind == MACHINE_INPUT ||
	       machine->kind == MACHINE_VSOCK || machine->kind == MACHINE_FS;
}

void machine_request(struct machine *machine, struct guest_queue *queue)
{
	bool is_blk = machine->kind <= MACHINE_BLK_READONLY;

	memset(guest_ram(&machine->guest, HEADER), 0, 16); /* read sector 0 */
	/* not a valid request of a sound card */
	memset(guest_ram(&machine->guest, BUFFER), 0, 512);
	if (is_blk) {
		ring_desc(queue, 0, HEADER, 16, FLAGS(F_NEXT, 1));
		ring_desc(queue, 1, BUFFER, 512, FLAGS(F_WRITE | F_NEXT, 2));
		ring_desc(queue, 2, STATUS, 1, FLAGS(F_WRITE, 0));
	} else if (machine_shares(machine)) {
		/* the size of a request that does not exist: the answer is an error */
		u32 size = 64;

		memcpy(guest_ram(&machine->guest, HEADER), &size, sizeof(size));
		ring_desc(queue, 0, HEADER, size, FLAGS(F_NEXT, 1));
		ring_desc(queue, 1, BUFFER, 512, FLAGS(F_WRITE, 0));
	} else if (machine->kind == MACHINE_SOUND) {
		ring_desc(queue, 0, BUFFER, 512, FLAGS(F_NEXT, 1));
		ring_desc(queue, 1, STATUS, 4, FLAGS(F_WRITE, 0));
	} else {
		/* The GPU answers that it does not know the empty request. */
		bool to_guest = machine->kind == MACHINE_RNG;

		ring_desc(queue, 0, BUFFER, 512, FLAGS(to_guest ? F_WRITE : 0, 0));
	}
}

void machine_check_works(struct machine *machine)
{
	static const u32 used[MACHINE_KINDS] = { 513, 513, 0, 0, 512, 0, 0, 0, 4, 0, 0, 11, 16 };
	struct guest_queue queue;

	assert_true(guest_negotiate(&machine->guest, BIT(32)));
	guest_queue_start(&machine->guest, &queue, machine_queue(machine), 8);
	guest_driver_ok(&machine->guest);
	machine_request(machine, &queue);
	if (machine->kind == MACHINE_SERIAL)
		chardev_send_event(&machine->console.ports[0].chardev, CHARDEV_READY);
	assert_int_equal(guest_run(&queue, 0), used[machine->kind]);
	assert_false(guest_needs_reset(&machine->guest));
}
