/* SPDX-License-Identifier: MIT */
/*
 * A small KVM virtual-machine monitor: boots a Linux Image with an initramfs in a virtual machine
 * of one hart, whose console is this terminal and whose exit status becomes its own. Here are the
 * command line and what lies in the guest's memory; see exits.c for what happens afterwards.
 */
#include <nolibc.h>

#include <asm/ioctls.h>
#include <asm/termbits.h>

#include "roms/vmm/exits.h"
#include "roms/vmm/tree.h"
#include "roms/vmm/vcpu.h"

#define RAM_BASE 0x80000000ull
#define IMAGE_OFFSET (2 * MiB) /* where RISC-V's Image wants to be in RAM */
#define TREE_SIZE 0x10000	 /* at the end of RAM; below it, the initramfs */
#define CPU_INTC 1		 /* phandle */

struct options {
	const char *kernel;
	const char *initrd;
	const char *append;
	u64 ram_size;
};

struct initrd {
	u64 start; /* guest physical; no initramfs when start equals end */
	u64 end;
};

/* The start of an Image (Linux, Documentation/arch/riscv/boot-image-header.rst). */
struct image_header {
	u32 code[2];
	u64 text_offset;
	u64 image_size;
	u64 flags;
	u64 version;
	u64 reserved[2];
	u32 magic2;
	u32 pe_offset;
};

#define IMAGE_MAGIC2 0x05435352 /* "RSC\5" */

void die(const char *what, int number)
{
	if (number)
		fprintf(stderr, "vmm: %s: errno %d\n", what, number);
	else
		fprintf(stderr, "vmm: %s\n", what);
	exit(126);
}

static void usage(void)
{
	fprintf(stderr, "usage: vmm [-m MIB] [-initrd FILE] [-append LINE] IMAGE\n"
			"Boots a Linux Image in a KVM guest. Its console is this terminal.\n");
	exit(2);
}

static void parse(struct options *options, int count, char **words)
{
	int i;

	*options = (struct options){ .append = "console=hvc0", .ram_size = 128 * MiB };
	for (i = 1; i + 1 < count; i += 2) {
		if (!strcmp(words[i], "-m"))
			options->ram_size = atol(words[i + 1]) * MiB;
		else if (!strcmp(words[i], "-initrd"))
			options->initrd = words[i + 1];
		else if (!strcmp(words[i], "-append"))
			options->append = words[i + 1];
		else
			usage();
	}
	if (i + 1 != count || words[i][0] == '-')
		usage();
	if (options->ram_size < 32 * MiB || options->ram_size > (1ull << 40))
		die("-m: not between 32 MiB and 1 TiB", 0);
	options->kernel = words[i];
}

/* A whole file into `room` bytes; returns its length. */
static u64 load(const char *path, void *to, u64 room)
{
	int fd = open(path, O_RDONLY);
	u64 size = 0;
	ssize_t got = 1;

	if (fd < 0)
		die(path, errno);
	while (got > 0 && size < room) {
		got = read(fd, (u8 *)to + size, room - size);
		if (got < 0)
			die(path, errno);
		size += got;
	}
	close(fd);
	if (got)
		die("what is loaded does not fit into the guest's RAM", 0);
	return size;
}

static void load_kernel(const struct guest *guest, const struct options *options, u64 room)
{
	const struct image_header *header = (void *)(guest->ram + IMAGE_OFFSET);

	load(options->kernel, guest->ram + IMAGE_OFFSET, room - IMAGE_OFFSET);
	if (header->magic2 != IMAGE_MAGIC2 || header->text_offset != IMAGE_OFFSET)
		die("the kernel is no RISC-V Image", 0);
	if (header->image_size > room - IMAGE_OFFSET)
		die("the kernel does not fit into the guest's RAM", 0);
}

/* The length of a file that is not a stream. */
static u64 length(const char *path)
{
	int fd = open(path, O_RDONLY);
	off_t end = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);

	if (end < 0)
		die(path, errno);
	close(fd);
	return (u64)end;
}

/* At the end of what is free, from the start of a page; load needs a byte behind the file's. */
static struct initrd load_initrd(const struct guest *guest, const struct options *options, u64 end)
{
	u64 size, start;

	if (!options->initrd)
		return (struct initrd){ 0, 0 };
	size = length(options->initrd);
	if (size >= end / 2)
		die("the initramfs does not fit into the guest's RAM", 0);
	start = (end - size - 1) & ~0xfffull;
	load(options->initrd, guest->ram + start, end - start);
	return (struct initrd){ guest->ram_base + start, guest->ram_base + start + size };
}

static void describe_hart(struct tree *tree, const struct vcpu_traits *traits)
{
	tree_begin(tree, "cpus");
	tree_u32(tree, "#address-cells", 1);
	tree_u32(tree, "#size-cells", 0);
	tree_u32(tree, "timebase-frequency", traits->timebase);
	tree_begin(tree, "cpu@0");
	tree_string(tree, "device_type", "cpu");
	tree_string(tree, "compatible", "riscv");
	tree_u32(tree, "reg", 0);
	tree_string(tree, "riscv,isa", traits->isa);
	if (traits->mmu)
		tree_string(tree, "mmu-type", traits->mmu);
	if (traits->cbom_block)
		tree_u32(tree, "riscv,cbom-block-size", traits->cbom_block);
	if (traits->cboz_block)
		tree_u32(tree, "riscv,cboz-block-size", traits->cboz_block);
	tree_begin(tree, "interrupt-controller");
	tree_string(tree, "compatible", "riscv,cpu-intc");
	tree_u32(tree, "#interrupt-cells", 1);
	tree_flag(tree, "interrupt-controller");
	tree_u32(tree, "phandle", CPU_INTC);
	tree_end(tree);
	tree_end(tree);
	tree_end(tree);
}

static void describe(const struct guest *guest, const struct options *options, struct initrd initrd)
{
	static struct tree tree; /* too large for a stack */
	struct vcpu_traits traits;

	vcpu_describe(guest->vcpu, &traits);
	tree_start(&tree, guest->ram + guest->ram_size - TREE_SIZE, TREE_SIZE);
	tree_begin(&tree, "");
	tree_u32(&tree, "#address-cells", 2);
	tree_u32(&tree, "#size-cells", 2);
	tree_string(&tree, "compatible", "baya,vmm");
	tree_string(&tree, "model", "baya,vmm");
	tree_begin(&tree, "chosen");
	tree_string(&tree, "bootargs", options->append);
	if (initrd.start != initrd.end) {
		tree_u64(&tree, "linux,initrd-start", initrd.start);
		tree_u64(&tree, "linux,initrd-end", initrd.end);
	}
	tree_end(&tree);
	tree_begin(&tree, "memory@80000000");
	tree_string(&tree, "device_type", "memory");
	tree_range(&tree, "reg", guest->ram_base, guest->ram_size);
	tree_end(&tree);
	describe_hart(&tree, &traits);
	tree_end(&tree);
	tree_finish(&tree);
}

/* The guest's terminal driver does what ours would do; Ctrl-C is for the guest. */
static bool make_raw(struct termios *before)
{
	struct termios raw;

	if (ioctl(0, TCGETS, before) < 0)
		return false;
	raw = *before;
	raw.c_iflag &= ~(ICRNL | IXON);
	raw.c_lflag &= ~(ICANON | ECHO | ISIG | IEXTEN);
	ioctl(0, TCSETSW, &raw);
	return true;
}

/* Where the host has reserved huge pages for all of RAM, a fault maps 2 MiB of it at once. */
static u8 *allocate(u64 size)
{
	const int kind = MAP_PRIVATE | MAP_ANONYMOUS;
	void *ram = mmap(NULL, size, PROT_READ | PROT_WRITE, kind | MAP_HUGETLB, -1, 0);

	if (ram == MAP_FAILED)
		ram = mmap(NULL, size, PROT_READ | PROT_WRITE, kind | MAP_NORESERVE, -1, 0);
	if (ram == MAP_FAILED)
		die("RAM", errno);
	return ram;
}

int main(int count, char **words)
{
	struct options options;
	struct termios before;
	struct vcpu vcpu;
	struct guest guest = { .vcpu = &vcpu, .ram_base = RAM_BASE };
	bool terminal;
	int status;

	parse(&options, count, words);
	guest.ram_size = options.ram_size;
	guest.ram = allocate(guest.ram_size);
	vcpu_make(&vcpu);
	vcpu_map(&vcpu, guest.ram_base, guest.ram_size, guest.ram);

	struct initrd initrd = load_initrd(&guest, &options, guest.ram_size - TREE_SIZE);
	u64 room = initrd.start == initrd.end ? guest.ram_size - TREE_SIZE :
						initrd.start - guest.ram_base;
	load_kernel(&guest, &options, room);
	describe(&guest, &options, initrd);
	vcpu_aim(&vcpu, guest.ram_base + IMAGE_OFFSET, guest.ram_base + guest.ram_size - TREE_SIZE);

	terminal = make_raw(&before);
	status = guest_run(&guest);
	if (terminal)
		ioctl(0, TCSETSW, &before);
	return status;
}
