/* SPDX-License-Identifier: MIT */
/*
 * A kernel like those of courses, for `-bios none -kernel`: its page tables have no A and D bits,
 * its UART driver never reads IIR, and its driver for a virtio disk in slot 0 supports both
 * versions of virtio. It counts the boots in the disk's first sector, and echoes what is typed; `q`
 * ends the machine.
 */
#include <stdint.h>

#include "devices/memmap.h"

#define REG8(addr) (*(volatile uint8_t *)(addr))
#define REG32(addr) (*(volatile uint32_t *)(addr))

enum { RBR, IER, FCR, LCR, MCR, LSR };
#define UART(reg) REG8(UART_BASE + (reg))
#define UART_SOURCE 10
#define LSR_DR 1

#define DISK(offset) REG32(VIRTIO_BASE + (offset))
#define DISK_SOURCE 1
#define QUEUE_NUM 8
#define MODERN 2
#define PAGE 4096
#define HARTS 3 /* the number that -smp gives to the machine */

#define PLIC(offset) REG32(PLIC_BASE + (offset))

struct desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags, next;
};

struct request {
	uint32_t type, reserved;
	uint64_t sector;
};

/* A legacy queue needs a page for the descriptors and the available ring, and a page for the used
 * ring. */
static struct {
	struct desc desc[QUEUE_NUM];
	volatile uint16_t avail_flags, avail_idx, avail[QUEUE_NUM];
	volatile uint16_t used_flags __attribute__((aligned(PAGE))), used_idx;
} queue __attribute__((aligned(PAGE)));

static uint64_t table[512] __attribute__((aligned(PAGE)));
static uint64_t sector[64];
static struct request request;
static volatile uint8_t done;
static volatile int harts, disk_interrupts;
static volatile uint8_t typed[256];
static volatile uint8_t typed_count;

static void print(const char *text)
{
	while (*text)
		UART(RBR) = (uint8_t)*text++;
}

static void print_number(uint64_t value)
{
	char text[2] = { (char)('0' + value % 10), 0 };

	if (value > 9)
		print_number(value / 10);
	print(text);
}

static void serve_uart(void)
{
	while (UART(LSR) & LSR_DR)
		typed[typed_count++] = UART(RBR);
}

static void serve_disk(void)
{
	DISK(0x64) = DISK(0x60) & 3;
	disk_interrupts++;
}

void trap(uint64_t cause, uint64_t pc);
void trap(uint64_t cause, uint64_t pc)
{
	uint32_t source;

	if (cause != (1ull << 63 | 9)) {
		print("trap ");
		print_number(cause);
		print(" at ");
		print_number(pc);
		for (;;)
			;
	}
	source = PLIC(0x201004);
	if (source == UART_SOURCE)
		serve_uart();
	else if (source == DISK_SOURCE)
		serve_disk();
	if (source)
		PLIC(0x201004) = source;
}

static void start_paging(void)
{
	/* These are gigabyte pages with V, R and W for devices, and also X for memory, but neither
	 * A nor D. */
	table[0] = 7;
	table[2] = DRAM_BASE >> 2 | 15;
	__asm__ volatile("sfence.vma\n\tcsrw satp, %0\n\tsfence.vma"
			 :
			 : "r"(8ull << 60 | (uint64_t)table >> 12)
			 : "memory");
}

static void start_interrupts(void)
{
	PLIC(4 * UART_SOURCE) = 1;
	PLIC(4 * DISK_SOURCE) = 1;
	PLIC(0x2080) = 1 << UART_SOURCE | 1 << DISK_SOURCE;
	PLIC(0x201000) = 0;
	UART(FCR) = 7;
	UART(IER) = 3;
	__asm__ volatile("csrs sie, %0\n\tcsrsi sstatus, 2" : : "r"(1ull << 9));
}

static void start_disk(void)
{
	int modern = DISK(4) == MODERN;

	DISK(0x70) = 0;
	DISK(0x70) = 3;
	DISK(0x20) = 0;
	if (modern)
		DISK(0x70) = 11;
	else
		DISK(0x28) = PAGE;
	DISK(0x30) = 0;
	DISK(0x38) = QUEUE_NUM;
	if (modern) {
		DISK(0x80) = (uint32_t)(uint64_t)&queue.desc;
		DISK(0x90) = (uint32_t)(uint64_t)&queue.avail_flags;
		DISK(0xa0) = (uint32_t)(uint64_t)&queue.used_flags;
		DISK(0x44) = 1;
	} else {
		DISK(0x40) = (uint32_t)((uint64_t)&queue / PAGE);
	}
	DISK(0x70) = modern ? 15 : 7;
	print(modern ? "disk: modern\n" : "disk: legacy\n");
}

static void move_sector(int write)
{
	uint16_t before = queue.used_idx;

	request = (struct request){ write ? 1 : 0, 0, 0 };
	queue.desc[0] = (struct desc){ (uint64_t)&request, sizeof(request), 1, 1 };
	queue.desc[1] = (struct desc){ (uint64_t)sector, 512, (uint16_t)(write ? 1 : 3), 2 };
	queue.desc[2] = (struct desc){ (uint64_t)&done, 1, 2, 0 };
	queue.avail[queue.avail_idx % QUEUE_NUM] = 0;
	__sync_synchronize();
	queue.avail_idx++;
	__sync_synchronize();
	DISK(0x50) = 0;
	while (queue.used_idx == before)
		;
	__sync_synchronize();
}

static void count_boots(void)
{
	int before = disk_interrupts;

	move_sector(0);
	sector[0]++;
	move_sector(1);
	while (disk_interrupts < before + 1)
		;
	print("boot ");
	print_number(sector[0]);
	print("\n");
}

static void repeat(void)
{
	for (uint8_t next = 0;;) {
		char text[2] = { 0 };

		if (next == typed_count)
			continue;
		text[0] = (char)typed[next++];
		print(text);
		if (*text == '\r')
			print("\n$ ");
		if (*text == 'q')
			REG32(TEST_BASE) = 0x5555;
	}
}

void main(uint64_t hart);
void main(uint64_t hart)
{
	__sync_fetch_and_add(&harts, 1);
	if (hart) {
		start_paging();
		for (;;)
			__asm__ volatile("wfi");
	}
	while (harts < HARTS)
		;
	start_paging();
	start_interrupts();
	start_disk();
	count_boots();
	print("$ ");
	repeat();
}
