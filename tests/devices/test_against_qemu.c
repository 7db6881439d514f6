/* SPDX-License-Identifier: MIT */
/*
 * Compares the devices with QEMU's: makes the same random register accesses on both, and compares
 * every value that is read. QEMU is driven through its standard input (the qtest protocol), and its
 * CPU is never started, so that time stands still in both. The test is skipped where QEMU is not
 * installed. It leaves out only what the two deliberately do differently; the reason is given at
 * each such place.
 */
#include "tests/devices/fixture.h"

#include "devices/block/flash.h"
#include "devices/boot/fwcfg.h"
#include "devices/irq/aplic.h"
#include "devices/memmap.h"
#include "devices/rtc.h"
#include "devices/uart.h"

#include <endian.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define DMA_WRITE 0x10 /* in the control word of fw_cfg's DMA */

struct pair {
	struct fixture f;
	u64 base; /* the device's address in QEMU's machine */
	u64 seed;
	pid_t child;
	FILE *to, *from;
};

static bool qemu_installed(void)
{
	return system("qemu-system-riscv64 -version >/dev/null 2>&1") == 0;
}

static void qemu_start(struct pair *pair, const char *machine)
{
	int to[2], from[2];

	assert_int_equal(pipe(to), 0);
	assert_int_equal(pipe(from), 0);
	pair->child = fork();
	assert_true(pair->child >= 0);
	if (!pair->child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(to[0], 0);
		dup2(from[1], 1);
		close(to[1]);
		close(from[0]);
		execlp("qemu-system-riscv64", "qemu-system-riscv64", "-M", machine, "-S", "-qtest",
		       "stdio", "-qtest-log", "/dev/null", "-display", "none", "-serial", "null",
		       "-monitor", "none", "-bios", "none", "-rtc",
		       "base=2025-01-01T00:00:00,clock=vm", (char *)NULL);
		_exit(127);
	}
	close(to[0]);
	close(from[1]);
	pair->to = fdopen(to[1], "w");
	pair->from = fdopen(from[0], "r");
}

/* Sends a command. Returns the value of the answer "OK 0x...", or 0 for a plain "OK". */
static u64 qemu_ask(struct pair *pair, const char *command, u64 a, u64 b)
{
	char line[128];

	fprintf(pair->to, command, a, b);
	fflush(pair->to);
	do {
		if (!fgets(line, sizeof(line), pair->from))
			fail_msg("QEMU went away after: %s", command);
	} while (!strncmp(line, "IRQ", 3));
	assert_int_equal(strncmp(line, "OK", 2), 0);
	return strtoull(line + 2, NULL, 0);
}

static int setup_machine(void **state, const char *machine)
{
	struct pair *pair = calloc(1, sizeof(*pair));

	*state = pair;
	pair->seed = 0x9e3779b97f4a7c15;
	fixture_init(&pair->f, CLOCK_VIRTUAL);
	if (qemu_installed())
		qemu_start(pair, machine);
	return 0;
}

static int setup(void **state)
{
	return setup_machine(state, "virt");
}

static int setup_aplic(void **state)
{
	return setup_machine(state, "virt,aia=aplic");
}

static int setup_imsic(void **state)
{
	return setup_machine(state, "virt,aia=aplic-imsic");
}

static int teardown(void **state)
{
	struct pair *pair = *state;

	if (pair->child) {
		kill(pair->child, SIGKILL);
		waitpid(pair->child, NULL, 0);
		fclose(pair->to);
		fclose(pair->from);
	}
	fixture_free(&pair->f);
	free(pair);
	return 0;
}

static struct pair *pair_with(void **state, u64 base)
{
	struct pair *pair = *state;

	if (!pair->child)
		skip();
	pair->base = base;
	return pair;
}

static u64 random_below(struct pair *pair, u64 limit)
{
	return (fixture_random(&pair->seed) >> 16) % limit;
}

static void both_write(struct pair *pair, u64 offset, unsigned size, u64 value)
{
	static const char *const commands[] = {
		[1] = "writeb %#llx %#llx\n", [2] = "writew %#llx %#llx\n",
		[4] = "writel %#llx %#llx\n", [8] = "writeq %#llx %#llx\n",
	};

	fixture_write(&pair->f, offset, size, value);
	qemu_ask(pair, commands[size], pair->base + offset, value);
}

static u64 both_read(struct pair *pair, u64 offset, unsigned size, u64 mask)
{
	static const char *const commands[] = {
		[1] = "readb %#llx\n", [2] = "readw %#llx\n",
		[4] = "readl %#llx\n", [8] = "readq %#llx\n",
	};
	u64 ours = fixture_read(&pair->f, offset, size) & mask;
	u64 theirs = qemu_ask(pair, commands[size], pair->base + offset, 0) & mask;

	if (ours != theirs)
		fail_msg("offset %#llx: ours %#llx, QEMU's %#llx", offset, ours, theirs);
	return ours;
}

static void uart_step(struct pair *pair)
{
	static const u8 masks[8] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xf0, 0xff };
	u64 reg = random_below(pair, 8);
	u8 value = (u8)random_below(pair, 256);

	switch (random_below(pair, 24)) {
	case 0:
		both_write(pair, 1, 1, value & 0x07); /* QEMU has no modem events in loopback */
		break;
	case 1:
		/*
		 * QEMU raises THRE when an empty FIFO is cleared, and accepts the other bits
		 * without the enable bit, contrary to section 8.5 of the data sheet.
		 */
		both_write(pair, 1, 1, 0);
		both_write(pair, 2, 1, value & 1 ? value : 0);
		break;
	case 2:
		both_write(pair, 4, 1, value | 0x10);
		break;
	case 3:
		both_write(pair, 7, 1, value);
		break;
	case 4: /* writes of the divisor, which must not change the registers that it hides */
		both_write(pair, 3, 1, 0x83);
		both_read(pair, 0, 1, 0xff);
		both_read(pair, 1, 1, 0xff);
		both_write(pair, 3, 1, 0x03);
		break;
	case 5 ... 14:
		both_write(pair, 0, 1, value);
		break;
	default: /* MSR's deltas are left out as for IER; an empty receiver reads as anything */
		if (reg || both_read(pair, 5, 1, 0xff) & 1)
			both_read(pair, reg, 1, masks[reg]);
	}
}

static void test_uart(void **state)
{
	struct uart uart;
	struct pair *pair = pair_with(state, UART_BASE);

	assert_int_equal(uart_attach(&uart, &pair->f.platform, FIXTURE_BASE, fixture_irq(&pair->f)),
			 0);
	platform_reset(&pair->f.platform);
	both_write(pair, 3, 1, 0x83);
	both_write(pair, 0, 1, 2);
	both_write(pair, 1, 1, 0);
	both_write(pair, 3, 1, 0x03);
	both_write(pair, 1, 1, 0);
	both_write(pair, 4, 1, 0x10);
	for (unsigned i = 0; i < 20000; i++)
		uart_step(pair);
}

static void rtc_step(struct pair *pair)
{
	u64 now = RTC_EPOCH * CLOCK_HZ + pair->f.platform.clock.base;
	u64 alarm = now + random_below(pair, 2000000000) - 500000000;

	switch (random_below(pair, 8)) {
	case 0:
		both_write(pair, 0x0c, 4, alarm >> 32);
		both_write(pair, 0x08, 4, alarm & UINT32_MAX);
		break;
	case 1:
		both_write(pair, 0x10, 4, random_below(pair, 4));
		break;
	case 2:
		both_write(pair, 0x14, 4, 1);
		break;
	case 3:
		both_write(pair, 0x1c, 4, 1);
		break;
	default:
		both_read(pair, 4 * random_below(pair, 8), 4, UINT64_MAX);
	}
}

static void test_rtc(void **state)
{
	const struct rtc_config config = { 0 };
	struct rtc rtc;
	struct pair *pair = pair_with(state, RTC_BASE);

	assert_int_equal(rtc_attach(&rtc, &pair->f.platform, FIXTURE_BASE, fixture_irq(&pair->f),
				    &config),
			 0);
	platform_reset(&pair->f.platform);
	for (unsigned i = 0; i < 5000; i++)
		rtc_step(pair);
}

/*
 * Does what a driver does. Only programming over programmed words is left out, because QEMU
 * replaces those words.
 */
static void flash_step(struct pair *pair)
{
	u64 block = random_below(pair, 128) * FLASH_BLOCK_SIZE;
	u64 window = random_below(pair, FLASH_BLOCK_SIZE / FLASH_BUFFER_SIZE);
	u64 at = block + window * FLASH_BUFFER_SIZE;
	u32 words = (u32)random_below(pair, 4) ? (u32)random_below(pair, 16) + 1 : 512;

	both_write(pair, block, 4, 0x00200020);
	both_write(pair, block, 4, 0x00d000d0);
	both_read(pair, block, 4, 0x00ff00ff);
	both_write(pair, at, 4, 0x00e800e8);
	both_read(pair, at, 4, 0x00ff00ff);
	both_write(pair, at, 4, (words - 1) * 0x00010001);
	for (u32 i = 0; i < words; i++)
		both_write(pair, at + 4 * i, 4, random_below(pair, UINT32_MAX));
	both_write(pair, at, 4, 0x00d000d0);
	both_read(pair, at, 4, 0x00ff00ff);
	both_write(pair, at + 4 * words, 4, 0x00400040);
	both_write(pair, at + 4 * words, 4, random_below(pair, UINT32_MAX));
	both_read(pair, at, 4, 0x00ff00ff);
	both_write(pair, at, 4, 0x00500050);
	both_write(pair, at, 4, 0x00ff00ff);
	for (u32 i = 0; i < words + 2; i++)
		both_read(pair, at + 4 * i, 4, UINT32_MAX);
	both_read(pair, at + random_below(pair, 32), 1, 0xff);
	both_read(pair, at + random_below(pair, 16) * 2, 2, 0xffff);
}

static void test_flash(void **state)
{
	static const struct flash_config config = { .name = "flash0" };
	/*
	 * The words of the CFI table with which drivers compute. Voltages, times and the bus type
	 * differ from QEMU's.
	 */
	static const u8 words[] = {
		0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x27, 0x2a, 0x2b, 0x2c,
		0x2d, 0x2e, 0x2f, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x3f,
	};
	struct flash flash;
	struct pair *pair = pair_with(state, FLASH_BASE);

	assert_int_equal(flash_attach(&flash, &pair->f.platform, FIXTURE_BASE, &config), 0);
	platform_reset(&pair->f.platform);
	for (u64 block = 0; block < FLASH_BANK_SIZE; block += FLASH_BLOCK_SIZE) {
		both_write(pair, block, 4, 0x00200020); /* QEMU's flash starts with zeros */
		both_write(pair, block, 4, 0x00d000d0);
	}
	both_write(pair, 0x154, 4, 0x00980098);
	for (unsigned i = 0; i < ARRAY_SIZE(words); i++)
		both_read(pair, 4u * words[i], 4, UINT32_MAX);
	both_write(pair, 0, 4, 0x00ff00ff);
	for (unsigned i = 0; i < 100; i++)
		flash_step(pair);
	flash_free(&flash);
}

/* Runs the same descriptor in both. They must leave the same bytes in memory. */
static void fwcfg_dma(struct pair *pair, u32 control, u32 length)
{
	struct bus *bus = &pair->f.platform.bus;
	u64 words[] = { htobe64((u64)control << 32 | length), htobe64(FIXTURE_RAM + 64) };

	for (unsigned i = 0; i < ARRAY_SIZE(words); i++) {
		assert_true(bus_store(bus, FIXTURE_RAM + 8 * i, 8, words[i]));
		qemu_ask(pair, "writeq %#llx %#llx\n", FIXTURE_RAM + 8 * i, words[i]);
	}
	both_write(pair, 0x10, 8, htobe64(FIXTURE_RAM));
	for (unsigned i = 0; i < 10; i++) {
		u64 ours = 0;

		assert_true(bus_load(bus, FIXTURE_RAM + 8 * i, 8, &ours));
		assert_int_equal(ours, qemu_ask(pair, "readq %#llx\n", FIXTURE_RAM + 8 * i, 0));
	}
}

static void fwcfg_step(struct pair *pair)
{
	static const u16 keys[] = { FWCFG_SIGNATURE, FWCFG_ID, FWCFG_CPUS, 0x7fff };
	u16 key = keys[random_below(pair, ARRAY_SIZE(keys))];
	u32 control = (u32)random_below(pair, 16) << 1;
	bool by_dma = random_below(pair, 2);

	if (by_dma)
		fwcfg_dma(pair, (u32)key << 16 | control, (u32)random_below(pair, 12));
	/* The position after a refused write is unspecified. */
	if (!by_dma || control & DMA_WRITE)
		both_write(pair, 8, 2, htobe16(key));
	both_read(pair, 0, 1u << random_below(pair, 4), UINT64_MAX);
}

static void test_fwcfg(void **state)
{
	static const u8 cpus[2] = { 1 };
	struct fwcfg fwcfg;
	struct pair *pair = pair_with(state, FW_CFG_BASE);

	assert_int_equal(fwcfg_attach(&fwcfg, &pair->f.platform, FIXTURE_BASE), 0);
	assert_int_equal(fwcfg_add_item(&fwcfg, FWCFG_CPUS, cpus, 2), 0);
	platform_reset(&pair->f.platform);
	both_read(pair, 0x10, 8, UINT64_MAX);
	both_read(pair, 0x10, 4, UINT64_MAX);
	both_read(pair, 0x14, 4, UINT64_MAX);
	both_read(pair, 0x12, 2, UINT64_MAX);
	for (unsigned i = 0; i < 2000; i++)
		fwcfg_step(pair);
}

/* The sources that the steps use. The state of lower ones is undefined in Debian 12's QEMU. */
#define APLIC_FIRST 8
#define APLIC_M_SOURCES 0x0000ff00u
#define APLIC_S_SOURCES 0xffff0000u
#define APLIC_OF_S (APLIC_S_BASE - APLIC_M_BASE)

struct aplic_pair {
	struct pair *pair;
	struct aplic aplic;
	bool msi, line;
};

static void lose_msi(void *ctx, u64 addr, u32 data)
{
}

/*
 * Chooses a new mode of a source. QEMU keeps the state of an inactive source, and keeps a pending
 * bit when a source whose wire is low becomes level-sensitive. Therefore the source is made
 * inactive first, and gets a target at the same time. Debian 12's QEMU follows an older draft in
 * how software sets and clears the request of a level-sensitive source before an MSI.
 */
static void aplic_configure(struct aplic_pair *a, unsigned source)
{
	static const u8 modes[] = { 1, 4, 5, 6, 7 };
	u64 base = APLIC_S_SOURCES >> source & 1 ? APLIC_OF_S : 0;

	both_write(a->pair, base + 4 * source, 4, 0);
	both_write(a->pair, base + 4 * source, 4, modes[random_below(a->pair, a->msi ? 3 : 5)]);
	both_write(a->pair, base + 0x3000 + 4 * source, 4, random_below(a->pair, 0x800));
}

/*
 * Drives the wire of source 10, which is the UART's: it is high while the UART's interrupt for an
 * empty transmitter is enabled.
 */
static void aplic_line(struct aplic_pair *a, bool level)
{
	qemu_ask(a->pair, "writeb %#llx %#llx\n", UART_BASE + 1, level ? 2 : 0);
	irq_set(aplic_irq(&a->aplic, UART_IRQ), level);
	a->line = level;
}

/*
 * Toggles the wire, but only while its source is edge-sensitive: QEMU keeps the request of a
 * level-sensitive source when the wire falls.
 */
static void aplic_toggle(struct aplic_pair *a)
{
	u64 mode = both_read(a->pair, 4 * UART_IRQ, 4, UINT64_MAX);

	if (mode == 4 || mode == 5)
		aplic_line(a, !a->line);
}

static void aplic_step(struct aplic_pair *a)
{
	static const u16 words[] = { 0x1c00, 0x1d00, 0x1e00, 0x1f00 };
	static const u16 numbers[] = { 0x1cdc, 0x1ddc, 0x1edc, 0x1fdc, 0x2000, 0x2004 };
	static const u16 idc[] = { 0x4000, 0x4004, 0x4008, 0x4018, 0x401c };
	struct pair *pair = a->pair;
	u64 base = random_below(pair, 2) ? APLIC_OF_S : 0;
	u32 mask = base ? APLIC_S_SOURCES : APLIC_M_SOURCES;
	unsigned source = APLIC_FIRST + (unsigned)random_below(pair, 32 - APLIC_FIRST);
	/* the bits that are compared: QEMU keeps more bits */
	u32 kept = !a->msi ? 0xfffc0007 : base ? 0xfffff7ff : 0xfffc07ff;

	switch (random_below(pair, 10)) {
	case 0:
		if (source != UART_IRQ)
			aplic_configure(a, source);
		break;
	case 1:
		aplic_toggle(a);
		break;
	case 2 ... 3:
		both_write(pair, base + words[random_below(pair, 4)], 4,
			   random_below(pair, UINT32_MAX) & mask);
		break;
	case 4:
		both_write(pair, base + numbers[random_below(pair, 5)], 4, source);
		break;
	case 5:
		both_write(pair, base, 4, random_below(pair, 2) << 8);
		both_write(pair, base + 0x3000 + 4 * source, 4,
			   mask >> source & 1 ? random_below(pair, 0x800) : 0);
		break;
	case 6:
		both_write(pair, base + idc[random_below(pair, 3)], 4, random_below(pair, 16));
		break;
	case 7:
		both_read(pair, base + idc[random_below(pair, 5)], 4, UINT64_MAX);
		break;
	case 8:
		both_read(pair, base, 4, UINT64_MAX);
		both_read(pair, base + 4 * source, 4, UINT64_MAX);
		if (mask >> source & 1)
			both_read(pair, base + 0x3000 + 4 * source, 4, kept);
		break;
	default:
		both_read(pair, base + words[random_below(pair, 4)], 4, mask);
	}
}

static void run_aplic(struct aplic_pair *a)
{
	const struct aplic_config config = {
		.base = { FIXTURE_BASE, FIXTURE_BASE + APLIC_OF_S },
		.sources = IRQ_SOURCES,
		.harts = 1,
		.msi = a->msi ? lose_msi : NULL,
	};

	assert_int_equal(aplic_attach(&a->aplic, &a->pair->f.platform, &config), 0);
	platform_reset(&a->pair->f.platform);
	for (unsigned source = 1; source < APLIC_FIRST; source++) {
		both_write(a->pair, 4 * source, 4, 0);
		both_write(a->pair, APLIC_OF_S + 4 * source, 4, 0);
	}
	for (unsigned source = APLIC_FIRST; source < 32; source++) {
		both_write(a->pair, 4 * source, 4, APLIC_S_SOURCES >> source & 1 ? 0x400 : 0);
		aplic_configure(a, source);
	}
	both_write(a->pair, 4 * UART_IRQ, 4, 4);
	for (unsigned i = 0; i < 20000; i++)
		aplic_step(a);
}

static void test_aplic(void **state)
{
	struct aplic_pair a = { .pair = pair_with(state, APLIC_M_BASE) };

	run_aplic(&a);
}

static void test_aplic_msi(void **state)
{
	struct aplic_pair a = { .pair = pair_with(state, APLIC_M_BASE), .msi = true };

	run_aplic(&a);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(test_uart),
		UNIT(test_rtc),
		UNIT(test_flash),
		UNIT(test_fwcfg),
		cmocka_unit_test_setup_teardown(test_aplic, setup_aplic, teardown),
		cmocka_unit_test_setup_teardown(test_aplic_msi, setup_imsic, teardown),
	};
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
