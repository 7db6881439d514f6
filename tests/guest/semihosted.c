/* SPDX-License-Identifier: MIT */
/*
 * Tests semihosting's files, console and command line, with the folder that test_semihost.py makes:
 * its contents, and what must not be reachable from it.
 */
#include "guest.h"

enum { OPEN = 1, CLOSE, WRITEC, WRITE0, WRITE, READ, READC, ISERROR, ISTTY, SEEK, FLEN = 12, TMPNAM,
       REMOVE, RENAME, CLOCK, TIME, ERRNO = 19, GET_CMDLINE = 21, HEAPINFO, ELAPSED = 0x30,
       TICKFREQ };
enum { MODE_R, MODE_W = 4, MODE_W_PLUS = 6, MODE_A = 8, MODE_A_PLUS = 10 };
#define FAILED -1ul

u64 call(u64 op, const void *block);
asm(".text\n.balign 16\n.option push\n.option norvc\n.globl call\ncall:\n"
    "slli x0, x0, 0x1f\nebreak\nsrai x0, x0, 7\nret\n.option pop\n");

static u64 length(const char *text)
{
	u64 n = 0;

	while (text[n])
		n++;
	return n;
}

static u64 open(const char *name, u64 mode)
{
	const u64 block[] = { (u64)name, mode, length(name) };

	return call(OPEN, block);
}

static u64 with(u64 op, u64 handle, const void *data, u64 size)
{
	const u64 block[] = { handle, (u64)data, size };

	return call(op, block);
}

static u64 by_name(u64 op, const char *name, const char *other)
{
	const u64 block[] = { (u64)name, length(name), (u64)other, length(other) };

	return call(op, block);
}

static u8 data[10000];

static void reads(void)
{
	u64 file = open("in/data", MODE_R);

	report(file != FAILED && file > 1, "a file beneath the folder opens");
	report_equal(with(FLEN, file, 0, 0), 9000, "its length");
	report_equal(with(READ, file, data, sizeof(data)), 1000, "what was not read of it");
	report(data[0] == 0 && data[8999] == (8999 & 255), "its bytes");
	report_equal(with(READ, file, data, 5), 5, "at its end nothing is read");
	report_equal(with(SEEK, file, (void *)258, 0), 0, "it can be sought in");
	report_equal(with(READ, file, data, 1), 0, "and read there");
	report_equal(data[0], 2, "what is there");
	report_equal(with(ISTTY, file, 0, 0), 0, "it is no terminal");
	report_equal(with(READ, file, (void *)0x18000000, 16), 16, "not to where there is nothing");
	report_equal(with(CLOSE, file, 0, 0), 0, "it closes");
	report_equal(with(CLOSE, file, 0, 0), FAILED, "and not twice");
	report_equal(call(ERRNO, 0), 9, "EBADF");
}

static void writes(void)
{
	u64 file = open("out", MODE_W);

	report_equal(with(WRITE, file, "written\n", 8), 0, "a new file is written");
	with(CLOSE, file, 0, 0);
	file = open("out", MODE_A);
	report_equal(with(WRITE, file, "W", 1), 0, "and changed at its beginning");
	with(SEEK, file, (void *)8, 0);
	report_equal(with(WRITE, file, "more\n", 5), 0, "and appended to");
	with(CLOSE, file, 0, 0);
	file = open("out", MODE_A_PLUS);
	with(SEEK, file, (void *)3, 0);
	report_equal(with(WRITE, file, "T", 1), 0, "and changed where it is read");
	with(CLOSE, file, 0, 0);
	report_equal(by_name(RENAME, "out", "in/out"), 0, "and renamed");
	report_equal(by_name(REMOVE, "old", ""), 0, "another is removed");
	report_equal(by_name(REMOVE, "old", ""), FAILED, "which is not there any more");
}

/* Opens a file by its path on the host. The last word of the command line is the folder's path; if
 * it is not a path, there is no folder. */
static void finds_by_path(const char *command_line)
{
	const char *path = command_line + length(command_line);
	char name[256];
	u64 file, size;

	while (path > command_line && path[-1] != ' ')
		path--;
	size = length(path);
	if (*path != '/' || size + 16 > sizeof(name))
		return;
	memcpy(name, path, size + 1);
	report_equal(open(name, MODE_R), FAILED, "the folder itself is no file");
	memcpy(name + size, "/in/data", 9);
	file = open(name, MODE_R);
	report(file != FAILED, "a file beneath the folder opens by its whole path");
	with(CLOSE, file, 0, 0);
	memcpy(name + size, "/path", 6);
	file = open(name, MODE_W);
	report(file != FAILED, "and is made by it");
	with(CLOSE, file, 0, 0);
	report_equal(by_name(RENAME, name, "/path2"), 0, "and renamed");
	memcpy(name + size, "/path2", 7);
	report_equal(by_name(REMOVE, name, ""), 0, "and removed");
	memcpy(name + size, "/../secret", 11);
	report_equal(open(name, MODE_R), FAILED, "a path does not lead out");
	report_equal(by_name(REMOVE, name, ""), FAILED, "for no call");
	memcpy(name + size, "in/data", 8);
	report_equal(open(name, MODE_R), FAILED,
		     "the folder's name ends where another component begins");
}

/* The program has 128 MiB of RAM. */
#define LARGE 200000ul
#define ENDLESS (1ul << 62)
#define RAM_END (DRAM_BASE + (128ul << 20))

static u8 large[LARGE + 1];

static void transfers(void)
{
	u64 file = open("large", MODE_W_PLUS);

	for (u64 n = 0; n < LARGE; n++)
		large[n] = 'a' + n % 26;
	call(WRITE0, large);
	report_equal(with(WRITE, file, large, LARGE), 0, "what is large is written at once");
	report_equal(with(FLEN, file, 0, 0), LARGE, "all of it");
	memset(large, 0, LARGE);
	with(SEEK, file, 0, 0);
	report_equal(with(READ, file, large, LARGE + 1), 1, "and read at once");
	report_equal(large[LARGE - 1], 'a' + (LARGE - 1) % 26, "to its last byte");
	report_equal(with(WRITE, file, (void *)(RAM_END - 8192), ENDLESS), ENDLESS - 8192,
		     "what is endless ends with RAM");
	report_equal(with(FLEN, file, 0, 0), LARGE + 8192, "where it was written");
	with(SEEK, file, (void *)LARGE, 0);
	report_equal(with(READ, file, (void *)(RAM_END - 4096), ENDLESS), ENDLESS - 4096,
		     "and where it is read");
	call(WRITE0, (void *)RAM_END);
	with(CLOSE, file, 0, 0);
	by_name(REMOVE, "large", "");
}

/* The device tree is in the last 2 MiB. */
static void heap(void)
{
	u64 parts[] = { 0, 0, 0, 0 };
	const u64 block[] = { (u64)parts }, nowhere[] = { 0x18000000 };

	report_equal(call(HEAPINFO, block), 0, "there is a heap");
	report(parts[0] > (u64)large + LARGE, "it begins behind the program");
	report(parts[0] < DRAM_BASE + (4ul << 20), "not far from it");
	report_equal(parts[1], RAM_END - (2ul << 20), "it ends before the device tree");
	report_equal(parts[2], parts[1], "the stack begins there");
	report_equal(parts[3], parts[0], "and ends where the heap begins");
	report_equal(call(HEAPINFO, nowhere), FAILED, "nothing is said to nowhere");
}

static void temporary(void)
{
	char name[16];
	u64 file;

	report_equal(with(TMPNAM, (u64)name, (void *)0x2a, sizeof(name)), 0, "a name is made");
	file = open(name, MODE_W);
	report(file != FAILED, "a file can have it");
	with(CLOSE, file, 0, 0);
	report_equal(by_name(REMOVE, name, ""), 0, "until it is removed");
	report_equal(with(TMPNAM, (u64)name, 0, 7), FAILED, "no room for the name");
	report_equal(with(TMPNAM, 0x18000000, 0, 16), FAILED, "no name to nowhere");
}

static void stays_inside(void)
{
	static const char *const names[] = {
		"../secret", "in/../../secret", "/etc/passwd", "link", "folder-link/secret", "in",
		"", ".", "fifo", "absolute-link",
	};

	for (u64 n = 0; n < COUNT(names); n++) {
		report_equal(open(names[n], MODE_R), FAILED, names[n]);
		report_equal(open(names[n], MODE_A), FAILED, names[n]);
	}
	report_equal(by_name(REMOVE, "../secret", ""), FAILED, "what is outside is not removed");
	report_equal(by_name(REMOVE, "folder-link/secret", ""), FAILED, "nor by a link");
	report_equal(by_name(RENAME, "in/data", "../data"), FAILED, "nothing leaves");
	report_equal(by_name(RENAME, "../secret", "mine"), FAILED, "nothing comes in");
	report_equal(by_name(REMOVE, "..", ""), FAILED, "no folder above");
}

static void is_hostile(void)
{
	const u64 long_name[] = { (u64)data, 0, 1ul << 40 }, nowhere[] = { 0x18000000, 0, 5 };

	report_equal(call(OPEN, long_name), FAILED, "no name is that long");
	report_equal(call(OPEN, nowhere), FAILED, "a name that is nowhere");
	report_equal(call(OPEN, (void *)0x18000000), FAILED, "a block that is nowhere");
	report_equal(open("in/data", 99), FAILED, "no mode");
	report_equal(with(READ, 12345, data, 1), 1, "no file to read");
	report_equal(with(WRITE, -5ul, data, 1), 1, "nor to write");
	report_equal(with(SEEK, 3, (void *)-1ul, 0), FAILED, "nor to seek in");
	report_equal(call(0x7777, 0), FAILED, "no operation");
	for (u64 n = 0; n < 64; n++)
		report(open("in/data", MODE_R) != FAILED, "sixty-four files are open at once");
	report_equal(open("in/data", MODE_R), FAILED, "and no more");
}

/* Reads what is typed, in pieces, until the end. */
static void asks(u64 tty)
{
	u64 got = 0;

	while (got < 11)
		got += 11 - got - with(READ, tty, data + got, 11 - got);
	report(!memcmp(data, "typed line\n", 11), "a line that is typed");
	report_equal(call(READC, 0), 'X', "a key that is typed");
	report_equal(with(READ, tty, data, 0), 0, "nothing is read at once");
	report_equal(with(READ, tty, data, 5), 5, "nothing is read at the end");
	report_equal(call(READC, 0), FAILED, "nor a key");
}

static void streams(u64 in, u64 out)
{
	u64 errors = open(":tt", MODE_A);

	report(in != out && out != errors && in != errors, "input and outputs are three");
	report_equal(with(WRITE, errors, "of errors\n", 10), 0, "errors are written");
	report_equal(with(WRITE, in, "x", 1), 1, "input is not written");
	report_equal(with(READ, out, data, 1), 1, "and output not read");
	report_equal(with(FLEN, out, 0, 0), 0, "the console has no length");
	report_equal(with(SEEK, out, 0, 0), FAILED, "and cannot be sought in");
	report_equal(with(ISTTY, errors, 0, 0), with(ISTTY, out, 0, 0),
		     "it is a terminal if the output is");
	report_equal(with(CLOSE, errors, 0, 0), 0, "it closes");
	report_equal(with(WRITE, errors, "closed", 6), 6, "and is not written then");
	report_equal(with(ISTTY, errors, 0, 0), FAILED, "nor a terminal");
	report_equal(with(CLOSE, errors, 0, 0), FAILED, "nor closed twice");
	report_equal(with(ISTTY, 0, 0, 0), FAILED, "no handle is 0");
	report_equal(open(":tt", 12), FAILED, "no mode of the console");
	for (u64 n = 0; n < 14; n++)
		report(open(":tt", MODE_W) != FAILED, "sixteen streams are open at once");
	report_equal(open(":tt", MODE_W), FAILED, "and no more");
	for (u64 n = 3; n <= 16; n++)
		with(CLOSE, n, 0, 0);
}

static void features(void)
{
	u64 file = open(":semihosting-features", MODE_R);

	report_equal(with(FLEN, file, 0, 0), 5, "the features are a file");
	report_equal(with(READ, file, data, 8), 3, "which can be read");
	report(!memcmp(data, "SHFB\3", 5), "they are two");
	report_equal(with(READ, file, data, 8), 8, "it ends there");
	report_equal(with(SEEK, file, (void *)4, 0), 0, "it can be sought in");
	report_equal(with(READ, file, data, 1), 0, "and read there");
	report_equal(data[0], 3, "what is there");
	report_equal(with(SEEK, file, (void *)6, 0), FAILED, "not beyond its end");
	report_equal(with(SEEK, file, 0, 0), 0, "nor");
	report_equal(with(READ, file, (void *)0x18000000, 5), 5, "to where there is nothing");
	report_equal(with(WRITE, file, "x", 1), 1, "it cannot be written");
	report_equal(with(ISTTY, file, 0, 0), 0, "it is no terminal");
	report_equal(with(CLOSE, file, 0, 0), 0, "it closes");
	report_equal(open(":semihosting-features", MODE_W), FAILED, "it is there to be read");
}

/* Returns the seconds of the clock. Reading the low word latches the high word that belongs to
 * it. */
static u64 rtc_seconds(void)
{
	volatile u32 *rtc = (volatile u32 *)RTC_BASE;
	u64 low = rtc[0];

	return ((u64)rtc[1] << 32 | low) / 1000000000;
}

static void clocks(void)
{
	u64 before[] = { FAILED, FAILED }, after = 0, first = rtc_seconds(), time = call(TIME, 0);

	report(first <= time && time <= rtc_seconds(), "the time is the RTC's");
	report_equal(call(TICKFREQ, 0), 1000000000, "ticks are nanoseconds");
	report_equal(call(ELAPSED, before), 0, "the ticks are told");
	report_equal(call(ELAPSED, &after), 0, "and told again");
	report(before[0] <= after, "they do not go back");
	report_equal(before[1], FAILED, "they are one word");
	report_equal(call(ELAPSED, (void *)0x18000000), FAILED, "ticks to nowhere");
}

/* Prints whether input and output are terminals, which the test knows. */
static void tell_terminals(u64 in, u64 out)
{
	char text[] = "terminals: 00\n";

	text[11] += (char)with(ISTTY, in, 0, 0);
	text[12] += (char)with(ISTTY, out, 0, 0);
	call(WRITE0, text);
}

void main(void)
{
	u64 block[] = { (u64)data, sizeof(data) }, in = open(":tt", MODE_R),
	    out = open(":tt", MODE_W), nothing = FAILED;

	report_equal(with(WRITE, out, "to the console\n", 15), 0, "the console is written");
	tell_terminals(in, out);
	report_equal(call(GET_CMDLINE, block), 0, "there is a command line");
	report_equal(block[1], length((char *)data), "its length");
	call(WRITE0, data);
	call(WRITE0, "\n");
	report_equal(call(ISERROR, &nothing), 1, "-1 is an error");
	finds_by_path((char *)data);
	asks(in);
	streams(in, out);
	features();
	clocks();
	reads();
	writes();
	transfers();
	heap();
	temporary();
	stays_inside();
	is_hostile();
}
