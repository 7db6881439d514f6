/* SPDX-License-Identifier: MIT */
/* Options from files: -readconfig, and the user's own baya.conf. */
#include "options_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/options-config-XXXXXX";
static char own[256], other[128];

static int options_config_setup(void **state)
{
	char path[128];

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/baya", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(own, sizeof(own), "%s/baya.conf", path);
	snprintf(other, sizeof(other), "%s/other.cfg", folder);
	return setenv("XDG_CONFIG_HOME", folder, 1);
}

static int options_config_teardown(void **state)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/baya", folder);
	unlink(own);
	unlink(other);
	rmdir(path);
	return rmdir(folder);
}

static void write_file(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

/* Parses the line with -readconfig of the other file. */
static const struct line *parse_other(const char *text)
{
	char whole[512];

	snprintf(whole, sizeof(whole), "-readconfig %s %s", other, text);
	return parse(whole);
}

static void test_readconfig(void **state)
{
	const struct virtio_blk_properties *disk;
	const struct line *line;
	const struct board_config *board;

	write_file(other,
		   "# a machine\n\n[machine]\n  type = \"virt\"\n  kernel = \"Image,1\"\n"
		   "\tappend=\"root=/dev/vda ro\"\r\n  usb = \"off\"\n"
		   "[memory]\n  size = \"1G\"\n[smp-opts]\n  cpus = \"2\"\n"
		   "[drive \"hd,0\"]\n  file = \"a,b.img\"\n  if = \"none\"\n  format = \"raw\"\n"
		   "[device \"disk\"]\n  drive = \"hd,0\"\n  driver = \"virtio-blk-device\"\n"
		   "[global]\n  property = \"num-queues\"\n  value = \"3\"\n"
		   "  driver = \"virtio-blk-device\"\n"
		   "[baya]\n  clock = \"virtual\"\n  stats = \"on\"\n  nographic = \"off\"");
	line = parse_other("-smp 4");
	board = &line->options.board;
	assert_string_equal(line->result ? line->error.text : "", "");
	assert_string_equal(board->kernel, "Image,1");
	assert_string_equal(board->append, "root=/dev/vda ro");
	assert_int_equal(board->ram_size, GiB);
	assert_int_equal(board->harts, 4);
	assert_string_equal(board->disks[0].file, "a,b.img");
	disk = board->devices[0].properties;
	assert_int_equal(disk->queues, 3);
	assert_int_equal(board->clock, CLOCK_VIRTUAL);
	assert_true(line->options.stats);
}

/* Errors name the file and the line, and say what to do. */
static void test_mistakes(void **state)
{
	static const struct mistake mistakes[] = {
		{ "[drive\nfile = \"a\"\n", "other.cfg:1: '[drive' is none of [GROUP]" },
		{ "[drive hd]\n", "other.cfg:1: '[drive hd]' is none of" },
		{ "[drive \"hd]\n", "other.cfg:1: " },
		{ "[memory]\nsize = 1G\n", "other.cfg:2: 'size = 1G' is none of" },
		{ "[memory]\nsize = \"1G\" M\n", "other.cfg:2: 'size" },
		{ "[memory]\nsize\n", "other.cfg:2: 'size' is none of" },
		{ "[memory]\n= \"1\"\n", "other.cfg:2: " },
		{ "size = \"1G\"\n", "other.cfg:1: 'size' is in no group; put [GROUP] before" },
		{ "[driv]\n", "other.cfg:1: no group [driv], nearest is [drive]; [baya] " },
		{ "[tpmdev]\n", "other.cfg:1: [tpmdev]: QEMU has it and Baya has not: there is no" },
		{ "\n[memory]\n\nsize = \"lots\"\n[smp-opts]\n", "other.cfg:2: -m" },
		{ "[device]\ndriver = \"virtio-blk-devic\"\n", "other.cfg:1: -device" },
		{ "[baya]\nclok = \"host\"\n", "other.cfg:2: unknown option clok; nearest is --clock" },
		{ "[baya]\nstats = \"1\"\n", "other.cfg:2: stats: '1' is not accepted; accepted: on" },
		{ "[baya]\nreadconfig = \"x\"\n", "other.cfg:2: readconfig: a file cannot name" },
		{ "[baya]\n-smp = \"2\"\n", "other.cfg:2: '-smp': in [baya] an option has no "
					     "dashes: smp = \"2\"" },
		{ "[baya]\njunit = \"x\"\n", "other.cfg:2: junit: can be used only with baya test"
					     },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(mistakes); n++) {
		write_file(other, mistakes[n].text);
		check_error_has(parse_other(""), mistakes[n].error);
	}
}

static void test_files_that_are_none(void **state)
{
	static const char *const names[] = { "/nowhere/a.cfg", "/tmp", "/dev/zero" };
	const struct line *line;
	char text[64];

	for (unsigned n = 0; n < ARRAY_SIZE(names); n++) {
		snprintf(text, sizeof(text), "-readconfig %s", names[n]);
		line = parse(text);
		assert_int_not_equal(line->result, 0);
		assert_int_equal(line->error.exit_code, 3);
		assert_non_null(strstr(line->error.text, names[n]));
	}
	line = parse("-readconfig");
	assert_non_null(strstr(line->error.text, "-readconfig: needs a value: FILE"));
}

static void check_ram(const char *text, u64 size)
{
	assert_int_equal(parse_well(text)->board.ram_size, size);
}

/* The command line overrides the user's file, which is not read by commands that measure or test,
 * nor for machines that are described completely. */
static void test_own_file(void **state)
{
	const struct line *line;

	unlink(own);
	check_ram("-kernel Image", 128 * MiB);
	write_file(own, "[memory]\n  size = \"2G\"\n");
	check_ram("-kernel Image", 2 * GiB);
	check_ram("-m 1G -kernel Image", GiB);
	check_ram("-kernel Image -no-user-config", 128 * MiB);
	check_ram("-nodefaults -kernel Image", 128 * MiB);
	check_ram("test a.elf", 128 * MiB);
	check_ram("explain a.elf", 128 * MiB);
	check_ram("cycles --core=cva6 a.elf", 128 * MiB);
	check_ram("run -- true", 512 * MiB);
	assert_int_equal(setenv("XDG_CONFIG_HOME", "relative", 1), 0);
	assert_int_equal(setenv("HOME", "", 1), 0);
	check_ram("-kernel Image", 128 * MiB);
	assert_int_equal(setenv("XDG_CONFIG_HOME", folder, 1), 0);

	write_file(own, "[memory]\n  sise = \"2G\"\n");
	line = parse("-kernel Image");
	assert_int_not_equal(line->result, 0);
	assert_non_null(strstr(line->error.text, "/baya/baya.conf:1: -m"));
	parse_well("-h");
}

/* An error says that the user's file may be the cause only if the command line would be accepted
 * without the file. */
static void test_own_file_is_blamed(void **state)
{
	static const char mixed[] = "-rtc: clock=host does not go with the virtual clock";
	const struct line *line;

	write_file(own, "[rtc]\n  clock = \"host\"\n");
	for (unsigned both = 0; both < 2; both++) {
		line = parse(both ? "--clock=virtual -rtc clock=host" : "--clock=virtual");
		assert_int_not_equal(line->result, 0);
		assert_memory_equal(line->error.text, mixed, strlen(mixed));
		assert_int_equal(!strstr(line->error.text,
					 "/baya.conf are in this; -no-user-config "
					 "leaves them out)"),
				 both);
	}
	/* Everything is parsed again to find out which of the two is the cause; nevertheless, a
	 * warning is printed only once. */
	line = parse("--clock=virtual -global a.b=1 -fw_cfg c,string=d");
	assert_int_not_equal(line->result, 0);
	assert_non_null(strstr(line->error.text, "are in this"));
	assert_string_equal(line->options.warnings,
			    "baya: -global a.b: there is no such device, nothing has this "
			    "property\n"
			    "baya: -fw_cfg: c: names that are not QEMU's own begin with opt/\n");
	unlink(own);
}

/* A file that may not be read causes a warning; one in a folder that may not be searched counts as
 * missing. */
static void test_own_file_of_another_user(void **state)
{
	const struct line *line;
	uid_t user = geteuid();
	char warning[512];

	write_file(own, "[memory]\n  size = \"2G\"\n");
	snprintf(warning, sizeof(warning),
		 "baya: %s: Permission denied; the run goes on without it\n", own);
	assert_int_equal(chmod(own, 0), 0);
	assert_int_equal(chmod(folder, 0711), 0);
	for (unsigned searched = 0; searched < 2; searched++) {
		char path[128];

		snprintf(path, sizeof(path), "%s/baya", folder);
		assert_int_equal(chmod(path, searched ? 0711 : 0), 0);
		if (user == 0) /* root may read everything */
			assert_int_equal(seteuid(65534), 0);
		line = parse("-kernel Image");
		assert_int_equal(seteuid(user), 0);
		assert_string_equal(line->result ? line->error.text : "", "");
		assert_int_equal(line->options.board.ram_size, 128 * MiB);
		assert_string_equal(line->options.warnings ? line->options.warnings : "",
				    searched ? warning : "");
		assert_int_equal(chmod(path, 0700), 0);
	}
	unlink(own);
}

/* A file can have networks in the forms of -nic and -net. */
static void test_networks(void **state)
{
	const struct line *line;

	write_file(other, "[nic]\n  type = \"none\"\n[net]\n  type = \"none\"\n");
	line = parse_other("");
	assert_string_equal(line->result ? line->error.text : "", "");
	assert_int_equal(line->options.net.netdev_count, 0);
	write_file(other, "[net]\n  type = \"nic\"\n[net]\n  type = \"user\"\n"
			  "[nic]\n  type = \"user\"\n  model = \"virtio-net-pci\"\n");
	line = parse_other("");
	assert_string_equal(line->result ? line->error.text : "", "");
	assert_int_equal(line->options.board.device_count, 2);
}

/* These are groups whose first item has another name in QEMU's files than in the help of the
 * option. */
static void test_names_of_items(void **state)
{
	const struct line *line;

	write_file(other, "[fsdev \"f0\"]\n  fsdriver = \"local\"\n  path = \"/tmp\"\n"
			  "  security_model = \"none\"\n"
			  "[virtfs]\n  fsdriver = \"local\"\n  path = \"/tmp\"\n"
			  "  mount_tag = \"t\"\n  security_model = \"none\"\n"
			  "[vnc \"default\"]\n  vnc = \":66\"\n"
			  "[chardev \"c\"]\n  backend = \"null\"\n"
			  "[mon \"m\"]\n  chardev = \"c\"\n  mode = \"readline\"\n"
			  "[sandbox]\n  enable = \"off\"\n");
	line = parse_other("-device virtio-9p-device,fsdev=f0,mount_tag=u");
	assert_string_equal(line->result ? line->error.text : "", "");
	assert_true(line->options.display.shown[DISPLAY_VNC]);
	assert_string_equal(line->options.display.vnc.port, "5966");
	assert_string_equal(line->options.board.devices[0].type, "virtio-9p");
}

/* The file can be in ~/.config; the command line overrides its properties. */
static void test_own_file_at_home(void **state)
{
	const struct virtio_blk_properties *disk;
	char home[128], command[600];
	const struct options *options;

	snprintf(home, sizeof(home), "%s/home", folder);
	snprintf(command, sizeof(command),
		 "mkdir -p %s/.config/baya && printf '[global]\\n"
		 "driver=\"virtio-blk-device\"\\nproperty=\"num-queues\"\\nvalue=\"3\"\\n' "
		 ">%s/.config/baya/baya.conf",
		 home, home);
	assert_int_equal(system(command), 0);
	assert_int_equal(setenv("HOME", home, 1) | unsetenv("XDG_CONFIG_HOME"), 0);
	options = parse_well("-hda a.img");
	disk = options->board.devices[0].properties;
	assert_int_equal(disk->queues, 3);
	options = parse_well("-hda a.img -global virtio-blk-device.num-queues=2");
	disk = options->board.devices[0].properties;
	assert_int_equal(disk->queues, 2);
	assert_int_equal(setenv("XDG_CONFIG_HOME", folder, 1), 0);
	snprintf(command, sizeof(command), "rm -r %s", home);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_readconfig),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_files_that_are_none),
		cmocka_unit_test(test_own_file),
		cmocka_unit_test(test_own_file_is_blamed),
	cmocka_unit_test(test_own_file_of_another_user),
		cmocka_unit_test(test_networks),
		cmocka_unit_test(test_names_of_items),
		cmocka_unit_test(test_own_file_at_home),
	};

	return cmocka_run_group_tests(tests, options_config_setup, options_config_teardown);
}
