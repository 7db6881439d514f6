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

/* Makes a request to read sector 0. */
static void request_blk(struct machine *machine, struct guest_queue *queue)
{
	memset(guest_ram(&machine->guest, HEADER), 0, 16);
	ring_desc(queue, 0, HEADER, 16, FLAGS(F_NEXT, 1));
	ring_desc(queue, 1, BUFFER, 512, FLAGS(F_WRITE | F_NEXT, 2));
	ring_desc(queue, 2, STATUS, 1, FLAGS(F_WRITE, 0));
}

/* Makes a request that has a size, but does not exist: the answer is an error. */
static void request_share(struct machine *machine, struct guest_queue *queue)
{
	static const u32 header[4] = { 64 };

	memcpy(guest_ram(&machine->guest, HEADER), header, sizeof(header));
	ring_desc(queue, 0, HEADER, header[0], FLAGS(F_NEXT, 1));
	ring_desc(queue, 1, BUFFER, 512, FLAGS(F_WRITE, 0));
}

/* Makes a request that no sound card knows. */
static void request_sound(struct machine *machine, struct guest_queue *queue)
{
	memset(guest_ram(&machine->guest, BUFFER), 0, 512);
	ring_desc(queue, 0, BUFFER, 512, FLAGS(F_NEXT, 1));
	ring_desc(queue, 1, STATUS, 4, FLAGS(F_WRITE, 0));
}

/* Sends zeros. The GPU answers that it does not know such a request. */
static void request_output(struct machine *machine, struct guest_queue *queue)
{
	memset(guest_ram(&machine->guest, BUFFER), 0, 512);
	ring_desc(queue, 0, BUFFER, 512, FLAGS(0, 0));
}

static void request_input(struct machine *machine, struct guest_queue *queue)
{
	memset(guest_ram(&machine->guest, BUFFER), 0, 512);
	ring_desc(queue, 0, BUFFER, 512, FLAGS(F_WRITE, 0));
}

static const struct {
	void (*init)(struct machine *machine);
	void (*request)(struct machine *machine, struct guest_queue *queue);
	unsigned queue; /* the queue for such requests */
	bool outputs; /* they only transfer data from the guest */
	u32 used; /* the number of bytes that the device fills in for one */
} kinds[MACHINE_KINDS] = {
	[MACHINE_BLK] = { .init = init_blk, .request = request_blk, .used = 513 },
	[MACHINE_BLK_READONLY] = { .init = init_blk, .request = request_blk, .used = 513 },
	[MACHINE_CONSOLE] = { .init = init_console, .request = request_output,
			      .queue = 1, .outputs = true },
	[MACHINE_NET] = { .init = init_net, .request = request_output,
			  .queue = 1, .outputs = true },
	[MACHINE_RNG] = { .init = init_rng, .request = request_input, .used = 512 },
	[MACHINE_GPU] = { .init = init_gpu, .request = request_output },
	[MACHINE_INPUT] = { .init = init_input, .request = request_output, .queue = 1 },
	[MACHINE_SERIAL] = { .init = init_serial, .request = request_output,
			     .queue = 1, .outputs = true },
	[MACHINE_SOUND] = { .init = init_sound, .request = request_sound, .used = 4 },
	[MACHINE_BALLOON] = { .init = init_balloon, .request = request_output },
	[MACHINE_VSOCK] = { .init = init_vsock, .request = request_output, .queue = 1 },
	[MACHINE_9P] = { .init = init_share, .request = request_share, .used = 11 },
	[MACHINE_FS] = { .init = init_share, .request = request_share, .queue = 1, .used = 16 },
};

void machine_init(struct machine *machine, enum machine_kind kind)
{
	assert_non_null(kinds[kind].init);
	*machine = (struct machine){ .kind = kind };
	guest_init(&machine->guest, CLOCK_VIRTUAL);
	kinds[kind].init(machine);
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
	return kinds[machine->kind].outputs;
}

bool machine_shares(const struct machine *machine)
{
	return kinds[machine->kind].init == init_share;
}

unsigned machine_queue(const struct machine *machine)
{
	return kinds[machine->kind].queue;
}

void machine_request(struct machine *machine, struct guest_queue *queue)
{
	kinds[machine->kind].request(machine, queue);
}

void machine_check_works(struct machine *machine)
{
	struct guest_queue queue;

	assert_true(guest_negotiate(&machine->guest, BIT(32)));
	guest_queue_start(&machine->guest, &queue, machine_queue(machine), 8);
	guest_driver_ok(&machine->guest);
	machine_request(machine, &queue);
	if (machine->kind == MACHINE_SERIAL)
		chardev_send_event(&machine->console.ports[0].chardev, CHARDEV_READY);
	assert_int_equal(guest_run(&queue, 0), kinds[machine->kind].used);
	assert_false(guest_needs_reset(&machine->guest));
}
