/* SPDX-License-Identifier: MIT */
/*
 * Tests the device tree's description of the harts for values of board_config.cpu: ISA strings,
 * translation, cache blocks.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "bus/base.h"
#include "cpu/isa/isa.h"
#include "devices/board/cpu.h"
#include "tests/board.h"

struct expected {
	const char *cpu;
	const char *start; /* how riscv,isa begins */
	const char *has, *lacks; /* names that are, and that are not, in riscv,isa-extensions */
	const char *mmu;
	bool cbom, cboz;
	u8 aia;
};

enum { NONE = BOARD_AIA_NONE, APLIC = BOARD_AIA_APLIC, IMSIC = BOARD_AIA_APLIC_IMSIC };

static const struct expected cases[] = {
	{ .start = "rv64imafdcbv", .has = "i h zba svpbmt sstc v zvfh zvkng zvl128b",
	  .lacks = "s u sv39 sv48 zvl256b",
	  .mmu = "riscv,sv48", .cbom = true, .cboz = true, .aia = NONE },
	{ .cpu = "max", .start = "rv64imafdcbvh_zicbom_", .has = "zcd zihpm", .lacks = "sv48",
	  .mmu = "riscv,sv48", .cbom = true, .cboz = true, .aia = NONE },
	{ .cpu = "max,v=off,sv57=on", .start = "rv64imafdcbh_zicbom_", .has = "zcd zihpm",
	  .lacks = "sv57 zvl128b", .mmu = "riscv,sv57", .cbom = true, .cboz = true, .aia = NONE },
	{ .cpu = "rv64gc", .start = "rv64imafdc_zicntr_zicsr_zifencei_", .has = "zca svade",
	  .lacks = "b h zba sstc zicbom", .mmu = "riscv,sv39", .aia = NONE },
	{ .cpu = "rva20s64", .start = "rv64imafdc_zicntr_", .has = "ziccif sstvala",
	  .lacks = "b zihpm", .mmu = "riscv,sv39", .aia = NONE },
	{ .cpu = "rva22s64", .start = "rv64imafdcb_zicbom_", .has = "zbs svpbmt",
	  .lacks = "sstc zbc", .mmu = "riscv,sv39", .cbom = true, .cboz = true, .aia = NONE },
	{ .cpu = "rva22s64,zicbom=off,sv48=on", .start = "rv64imafdcb_zicbop_", .has = "zicboz",
	  .lacks = "zicbom", .mmu = "riscv,sv48", .cboz = true, .aia = NONE },
	{ .cpu = "max,zicclsm=off", .start = "rv64imafdcbvh_zicbom_", .has = "ziccif",
	  .lacks = "zicclsm", .mmu = "riscv,sv48", .cbom = true, .cboz = true, .aia = NONE },
	{ .cpu = "max,h=off,d=off,c=off,zicboz=off", .start = "rv64imafb_zicbom_zicbop_zicfilp_",
	  .has = "f", .lacks = "d c zca", .mmu = "riscv,sv48", .cbom = true, .aia = NONE },
	{ .cpu = "rva23s64", .start = "rv64imafdcbvh_zicbom_", .has = "ssnpm sha v zvbb",
	  .lacks = "zvfh smaia ssaia", .mmu = "riscv,sv39", .cbom = true, .cboz = true,
	  .aia = APLIC },
	{ .cpu = "rva23s64,sv48=on", .start = "rv64imafdcbvh_zicbom_", .lacks = "zvfh",
	  .has = "smaia ssaia smcsrind v", .mmu = "riscv,sv48", .cbom = true, .cboz = true,
	  .aia = IMSIC },
	{ .cpu = "max,zvfh=off,vlen=256", .start = "rv64imafdcbvh_zicbom_",
	  .has = "v zve32x zve64d zvl32b zvl64b zvl128b zvl256b", .lacks = "zvfh zvl512b zvl1024b",
	  .mmu = "riscv,sv48", .cbom = true, .cboz = true, .aia = NONE },
	{ .cpu = "rv64gc,zve32x=on", .start = "rv64imafdc_zicntr_", .has = "zve32x zvl128b",
	  .lacks = "v zve64x zvl256b", .mmu = "riscv,sv39", .aia = NONE },
	{ .cpu = "max,sv39=off", .start = "rv64imafdcbv_", .has = "i", .lacks = "svade h",
	  .mmu = "riscv,none", .cbom = true, .cboz = true, .aia = NONE },
};

static void check_list(const void *fdt, int node, const char *list, bool there)
{
	char text[128], *rest, *name;

	snprintf(text, sizeof(text), "%s", list);
	for (name = strtok_r(text, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
		int at = fdt_stringlist_search(fdt, node, "riscv,isa-extensions", name);

		if ((at >= 0) != there)
			fail_msg("%s is%s listed", name, there ? " not" : "");
	}
}

/* The size of an array in U-Boot 2023.01, which prints the string, and stops if it does not fit. */
#define ISA_MAX 511

/*
 * The names that software uses which does not read riscv,isa-extensions, in the order of that list.
 */
static const char *const old_names[] = { "_zicbom", "_zicboz", "_zba", "_zbb", "_zbs", "_sscofpmf",
					 "_sstc", "_svinval", "_svnapot", "_svpbmt", "_ssaia",
					 "_smaia", "_smepmp", "_smstateen", "_smcntrpmf" };

/*
 * Returns whether riscv,isa leaves a name out: lengths of vectors, names that ext.def excludes, and
 * names for which there is no room.
 */
static bool is_left_out(const char *isa, const char *name)
{
	char word[32];

	snprintf(word, sizeof(word), "_%s", name);
	for (unsigned ext = 0; ext < EXT_COUNT; ext++)
		if (!strcmp(ext_name(ext), name) && ext_state(ext) == EXT_LISTED)
			return !strstr(isa, word) && strlen(isa) + strlen(word) > ISA_MAX;
		else if (!strcmp(ext_name(ext), name))
			return !ext_is_in_isa(ext_state(ext));
	return !strncmp(name, "zvl", 3);
}

static void check_old_names(const char *isa, const char *list)
{
	for (unsigned i = 0; i < ARRAY_SIZE(old_names); i++)
		if (strstr(list, old_names[i]) && !strstr(isa, old_names[i]))
			fail_msg("%s is not in riscv,isa", old_names[i]);
}

/*
 * Checks that riscv,isa is the base and the list without those names, letters first, and that it
 * fits.
 */
static void check_isa(const void *fdt, int node)
{
	const char *isa = fdt_getprop(fdt, node, "riscv,isa", NULL);
	int count = fdt_stringlist_count(fdt, node, "riscv,isa-extensions");
	char text[4096] = "rv64";

	assert_in_range(count, 1, 127);
	for (int i = 0; i < count; i++) {
		int size;
		const char *name = fdt_stringlist_get(fdt, node, "riscv,isa-extensions", i, &size);

		if (is_left_out(isa, name))
			continue;
		if (name[1])
			strcat(text, "_");
		strcat(text, name);
	}
	check_old_names(isa, text);
	assert_in_range(strlen(isa), 4, ISA_MAX);
	assert_string_equal(isa, text);
	assert_string_equal(fdt_getprop(fdt, node, "riscv,isa-base", NULL), "rv64i");
}

static void check_case(const struct expected *expected)
{
	const struct board_config config = { .harts = 2, .ram_size = BOARD_RAM_MIN, .bios = "none",
					     .cpu = expected->cpu, .aia = expected->aia };
	struct board *board = make_board(&config);
	size_t size;
	const void *fdt = board_fdt(board, &size);

	for (unsigned n = 0; n < 2; n++) {
		int node = fdt_path_offset(fdt, n ? "/cpus/cpu@1" : "/cpus/cpu@0");
		const char *isa = fdt_getprop(fdt, node, "riscv,isa", NULL);

		assert_non_null(isa);
		if (strncmp(isa, expected->start, strlen(expected->start)))
			fail_msg("%s is not %s...", isa, expected->start);
		check_isa(fdt, node);
		check_list(fdt, node, expected->has, true);
		check_list(fdt, node, expected->lacks, false);
		assert_string_equal(fdt_getprop(fdt, node, "mmu-type", NULL), expected->mmu);
		assert_int_equal(!!fdt_getprop(fdt, node, "riscv,cbom-block-size", NULL),
				 expected->cbom);
		assert_int_equal(!!fdt_getprop(fdt, node, "riscv,cboz-block-size", NULL),
				 expected->cboz);
	}
	board_free(board);
}

static void test_trees(void **unused)
{
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++)
		check_case(&cases[i]);
}

/* Values of properties are put into the harts' configuration, wherever they are in the text. */
static void test_properties(void **unused)
{
	struct board_config config = { .cpu = "max,VLEN=0x200,v=on,rvv_ta_all_1s=true,elen=64,"
					      "rvv_ma_all_1s=off,rvv_vl_half_avl,smrnmi=on,"
					      "rnmi-exception-vector=0x80" };
	struct harts_config harts = { .count = 1 };
	struct board_error error;

	assert_int_equal(board_cpu_harts(&config, &harts, &error), 0);
	assert_int_equal(harts.vector.vlen, 512);
	assert_true(harts.vector.tail_ones && harts.vector.half_avl && !harts.vector.mask_ones);
	assert_int_equal(harts.rnmi.exception, 0x80);
	assert_true(ext_has(harts.extensions, EXT_zve64d));
	config.cpu = "rv64,g=true,cbom_blocksize=64,cboz_blocksize=0x40,pmu-num=16";
	assert_int_equal(board_cpu_harts(&config, &harts, &error), 0);
	assert_true(ext_has(harts.extensions, EXT_d));
	config.cpu = "rv64,g=false,d=off";
	assert_int_equal(board_cpu_harts(&config, &harts, &error), 0);
	assert_false(ext_has(harts.extensions, EXT_d));
	config.cpu = "rv64,cbom_blocksize=128";
	assert_int_not_equal(board_cpu_harts(&config, &harts, &error), 0);
	assert_string_equal(error.text, "-cpu: 'cbom_blocksize=128' is not accepted; accepted: 64");
	config.cpu = "max";
	harts = (struct harts_config){ .count = 1 };
	assert_int_equal(board_cpu_harts(&config, &harts, &error), 0);
	assert_int_equal(harts.vector.vlen, 0);
}

/* The user's numbers replace those of the model's core, each on its own. */
static void test_identity(void **unused)
{
	static const struct {
		const char *cpu;
		struct identity identity;
	} rows[] = {
		{ "max", { 0, 0, 0 } },
		{ "rv64,mvendorid=0x489,marchid=5,mimpid=1", { 0x489, 5, 1 } },
		{ "rv64gc_zba,mvendorid=0xffffffff", { 0xffffffff, 0, 0 } },
		{ "c906", { 0x5b7, 0, 1 } },
		{ "c906,zba=on,mimpid=0,short-isa-string=off", { 0x5b7, 0, 0 } },
		{ "u74,marchid=0xffffffffffffffff", { 0x489, UINT64_MAX, 0x4210427 } },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct board_config config = { .cpu = rows[i].cpu };
		struct harts_config harts = { .count = 1 };
		struct board_error error;

		assert_int_equal(board_cpu_harts(&config, &harts, &error), 0);
		assert_memory_equal(&harts.identity, &rows[i].identity, sizeof(harts.identity));
	}
}

/*
 * A vector unit that harts have only because of the default model can be taken from them. max then
 * differs in nothing else.
 */
static void test_drop_vectors(void **unused)
{
	static const struct {
		const char *cpu;
		bool dropped;
	} texts[] = {
		{ NULL, true },
		{ "max", true },
		{ "RV64,sv57=on", true },
		{ "max,v=off", true },
		{ "max,zve64d=off", true },
		{ "max,v=on", false },
		{ "max,zvbb=on", false },
		{ "max,vlen=128", false },
		{ "max,vlen=0128", false },
		{ "max,rvv_ta_all_1s", false },
		{ "rva23s64", false },
		{ "rv64gc,zve32x=on", false },
		{ "rv64gcv", false },
		{ "rva23u64", false },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(texts); i++) {
		const struct board_config config = { .cpu = texts[i].cpu, .aia = BOARD_AIA_NONE };
		struct harts_config harts = { .count = 1 };
		struct board_error error;
		struct ext_set before;

		assert_int_equal(board_cpu_harts(&config, &harts, &error), 0);
		before = harts.extensions;
		assert_int_equal(board_cpu_drop_vectors(&config, &harts), texts[i].dropped);
		assert_int_equal(ext_has(harts.extensions, EXT_zve32x), !texts[i].dropped);
		assert_true(ext_is_within(harts.extensions, before));
		assert_true(ext_has(harts.extensions, EXT_d));
	}
}

/* A board with a wrong text is not made, and the error says why. */
static void test_errors(void **unused)
{
	struct board_config config = { .harts = 1, .ram_size = BOARD_RAM_MIN, .bios = "none",
				       .cpu = "max,d=on,f=off" };
	static const char *const without[] = { "max,smaia=off", "max,ssaia=off",
					       "max,sscsrind=off" };
	struct board_error error = { .exit_code = 0 };

	assert_null(board_create(&config, &error));
	assert_int_equal(error.exit_code, 2);
	assert_string_equal(error.text, "-cpu: 'd=on' needs f, which 'f=off' takes away");
	config.aia = BOARD_AIA_APLIC_IMSIC;
	for (unsigned n = 0; n < ARRAY_SIZE(without); n++) {
		config.cpu = without[n];
		assert_null(board_create(&config, &error));
		assert_string_equal(error.text, "-cpu: aia=aplic-imsic needs smaia and ssaia");
	}
}

#define LISTED_MODELS 6

/* The help text and the table have every model and every extension. */
static void test_help(void **unused)
{
	static const char *const words[] = { "rv64gc", "rva20s64", "rva22s64", "rvb23s64",
		"rva23s64", "max",
#define EXT(id, name, meaning, state) name,
#include "cpu/isa/ext.def"
#undef EXT
	};

	for (unsigned n = 0; n < 2; n++) {
		char *text = NULL, line[64];
		size_t size = 0;
		FILE *out = open_memstream(&text, &size);

		if (n)
			board_cpu_table(out);
		else
			board_cpu_help(out);
		fclose(out);
		for (unsigned i = LISTED_MODELS; i < ARRAY_SIZE(words); i++) {
			snprintf(line, sizeof(line), n ? "\n| %s | " : "\n%s ", words[i]);
			if (!strstr(text, line))
				fail_msg("%s is not there", words[i]);
		}
		for (unsigned i = 0; i < LISTED_MODELS; i++)
			assert_non_null(strstr(text, words[i]));
		free(text);
	}
}

static struct ext_set extensions_of(const char *cpu, unsigned *vlen)
{
	const struct board_config config = { .cpu = cpu };
	struct harts_config harts = { 0 };
	struct board_error error = { .text = "" };

	if (board_cpu_harts(&config, &harts, &error))
		fail_msg("'%s': %s", cpu, error.text);
	*vlen = harts.vector.vlen;
	return harts.extensions;
}

/* An ISA string is the model with each of its extensions switched on. */
static void test_isa_names(void **state)
{
	static const struct {
		const char *string, *same;
	} rows[] = {
		{ "rv64i", "rv64gc,m=off,a=off,f=off,d=off,c=off" },
		{ "rv64imac", "rv64i,m=on,a=on,c=on" },
		{ "rv64imafdc_zifencei", "rv64gc" },
		{ "RV64IMAFDCSUZicsr_Zifencei", "rv64gc" },
		{ "rv64g_c", "rv64gc" },
		{ "rv64imafdcv_zba_zbb", "rv64i,m=on,a=on,f=on,d=on,c=on,v=on,zba=on,zbb=on" },
		{ "rv64gcv_zicond", "rv64gc,v=on,zicond=on" },
		{ "rv64gcv1p0_zicond2p0", "rv64gc,v=on,zicond=on" },
		{ "rv64i2p1_m2p0_a2p1_zicsr2p0_zba1p0", "rv64i,m=on,a=on,zba=on" },
		{ "rv64i2p1m2c", "rv64i,m=on,c=on" },
		{ "rv64gczba_zbs", "rv64gc,zba=on,zbs=on" },
		{ "rv64gc_sv48_zve64d1p0", "rv64gc,sv48=on,zve64d=on" },
		{ "rv64gc_sv481p0_svinval", "rv64gc,sv48=on,svinval=on" },
		{ "rv64gch_za128rs", "rv64gc,h=on,za128rs=on" },
		{ "rv64gcsstc", "rv64gc,sstc=on" },
		{ "rv64gcv_zvl64b_zvl512b_zvl256b", "rv64gc,v=on,vlen=512" },
		{ "rv64gcv_zvl512b,vlen=256", "rv64gc,v=on,vlen=256" },
		{ "rv64gc_zve32x_zvl256b", "rv64gc,zve32x=on,vlen=256" },
		{ "rv64gc_zvl256b", "rv64gc" },
		{ "rv64gcv_zvl256b,v=off", "rv64gc" },
		{ "rv64gc_ss1p13_sm1p12_zba", "rv64gc,zba=on" },
		{ "RV64GCSm1p11", "rv64gc" },
		{ "rv64gcv_zvkng,h=on,zba=off", "rv64gc,v=on,zvkng=on,h=on" },
		{ "rva22s64_zbc", "rva22s64,zbc=on" },
		{ "rva23u64_zvkng", "rva23u64,zvkng=on" },
		{ "rvi20u64_zba", "rv64i,zba=on" },
		{ "rvb23u64", "rvb23s64,ssccptr=off,sstvala=off,sstvecd=off,sscounterenw=off,"
			      "svinval=off,svpbmt=off,sscofpmf=off,sstc=off,ssu64xl=off,svnapot=off" },
		{ "rvb23s64_zfhmin_v", "rvb23s64,v=on,zfhmin=on" },
		{ "rva20u64", "rva20s64,ssccptr=off,sstvala=off,sstvecd=off" },
		{ "RVA22U64", "rva22s64,ssccptr=off,sstvala=off,sstvecd=off,"
			      "sscounterenw=off,svinval=off,svpbmt=off" },
	};

	(void)state;
	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
		unsigned vlen, same_vlen;
		struct ext_set set = extensions_of(rows[n].string, &vlen);

		if (!ext_equal(set, extensions_of(rows[n].same, &same_vlen)) || vlen != same_vlen)
			fail_msg("'%s' is not '%s'", rows[n].string, rows[n].same);
	}
}

/* QEMU's profile flags stand for extensions, and what follows a flag can change what it did. */
static void test_profile_flags(void **state)
{
	static const struct {
		const char *flagged, *same;
	} rows[] = {
		{ "rv64i,rva22u64=on", "rva22u64" },
		{ "rv64i,RVA23S64=true,sstc=on", "rva23s64,sstc=on" },
		{ "rv64gc_zbc,rva22s64", "rva22s64,zbc=on" },
		{ "rva22s64,rvb23u64=on", "rvb23s64,zfhmin=on,sscofpmf=off,sstc=off,ssu64xl=off,"
					  "svnapot=off" },
		{ "rv64,rva23s64=on", "max" },
		{ "rv64,zba=off,rva22u64=on", "max" },
		{ "rv64,rva22u64=on,zba=off", "max,zba=off" },
		{ "rv64,s=off,rva22u64=on", "max,s=off" },
		{ "rv64,s=off,rva22s64=on", "max" },
		{ "rv64gc,rva22s64=off", "rv64i,zicsr=off,misaligned=off,zifencei=off" },
		{ "rv64gcv_zvbb,rva23u64=off,m=on", "rv64i,m=on,zicsr=off,misaligned=off" },
	};

	(void)state;
	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
		unsigned vlen;
		struct ext_set set = extensions_of(rows[n].flagged, &vlen);

		if (!ext_equal(set, extensions_of(rows[n].same, &vlen)))
			fail_msg("'%s' is not '%s'", rows[n].flagged, rows[n].same);
	}
}

/* The error names the mistake in an ISA string. */
static void test_isa_mistakes(void **state)
{
	static const struct {
		const char *string, *error;
	} rows[] = {
		{ "rv64imac_zfoo", "-cpu: no extension 'zfoo'" },
		{ "rv64gc_zfoo1p0", "-cpu: no extension 'zfoo'" },
		{ "rv64gc_xmine", "-cpu: no extension 'xmine'" },
		{ "rv64gc_ssfoo", "-cpu: no extension 'ssfoo'" },
		{ "rv64imack", "-cpu: no extension 'k'" },
		{ "rv64gcq", "-cpu: 'q=on': no hart has it yet" },
		{ "rv64gc_zalasr1p0", "-cpu: 'zalasr=on': no hart has it yet" },
		{ "rv64e", "-cpu: 'rv64e': no hart has the base E" },
		{ "rv64gcv0p7", "-cpu: 'rv64gcv0p7': harts have V 1.0" },
		{ "rv64gc_v0p10_zba", "-cpu: 'rv64gc_v0p10_zba': harts have V 1.0" },
		{ "rv32imac", "-cpu: 'rv32imac': harts have 64 bits" },
		{ "rv64imac_", "-cpu: 'rv64imac_': an ISA string is" },
		{ "rv64i__zba", "-cpu: 'rv64i__zba': an ISA string is" },
		{ "rv64gc_zba.zbb", "-cpu: no extension 'zba.zbb'" },
		{ "rv64gcv_zvl2048b", "-cpu: 'zvl2048b' is more than harts have" },
		{ "rv64gc_ss1p14", "-cpu: no extension 'ss'" },
		{ "rv64mac", "-cpu: no model 'rv64mac'" },
		{ "rv64_zba", "-cpu: no model 'rv64_zba'" },
		{ "rv64gcv_zvl2048b,vlen=256", "-cpu: 'zvl2048b' is more than harts have" },
		{ "rv64,rva22u64=1", "-cpu: 'rva22u64=1' is not accepted; accepted: on, off" },
		{ "rv64,rva24u64=on", "-cpu: no extension 'rva24u64'" },
		{ "rv64,rva22u64=off,f=on", "-cpu: 'f=on' needs zicsr, which 'zicsr=off' takes" },
	};

	(void)state;
	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
		struct board_error error = { .text = "" };

		assert_true(board_cpu_check(rows[n].string, &error) < 0);
		assert_int_equal(error.exit_code, 2);
		if (strncmp(error.text, rows[n].error, strlen(rows[n].error)))
			fail_msg("'%s': %s", rows[n].string, error.text);
	}
}

/* Every model, and any ISA string that includes rv64gc, has everything that Linux needs. */
static void test_linux(void **state)
{
	static const char *const lacking[][2] = {
		{ "rv64g", "c" }, { "rv64imac", "f d" }, { "rv64i", "m a f d c" },
		{ "max,zca=off", "c" }, { "max,d=off", "d" }, { "max,s=off", "s sv39" },
		{ "cva6,zicntr=off", "zicntr" }, { "rv64imafdc", "" }, { "rv64gc_zba", "" },
	};
	char names[256];

	(void)state;
	for (unsigned n = 0; n < ARRAY_SIZE(lacking); n++) {
		board_cpu_lacks(lacking[n][0], names, sizeof(names));
		assert_string_equal(names, lacking[n][1]);
	}
	for (unsigned n = 0; board_cpu_model(n); n++) {
		board_cpu_lacks(board_cpu_model(n), names, sizeof(names));
		assert_string_equal(names, "");
	}
}

static bool no_stream, no_copy; /* the host has no memory for these */

FILE *__real_open_memstream(char **text, size_t *size);
FILE *__wrap_open_memstream(char **text, size_t *size);
char *__real_strndup(const char *text, size_t size);
char *__wrap_strndup(const char *text, size_t size);

FILE *__wrap_open_memstream(char **text, size_t *size)
{
	return no_stream ? NULL : __real_open_memstream(text, size);
}

char *__wrap_strndup(const char *text, size_t size)
{
	return no_copy ? NULL : __real_strndup(text, size);
}

static void expect_no_memory(const struct board_config *config)
{
	struct board_error error = { .exit_code = 0 };
	struct harts_config harts = { 0 };

	assert_true(board_cpu_harts(config, &harts, &error) < 0);
	assert_string_equal(error.text, "not enough host memory");
	assert_int_equal(error.exit_code, 3);
}

static void test_no_memory(void **state)
{
	const struct board_config config = { .cpu = "max,v=on" };

	no_stream = true;
	expect_no_memory(&config);
	no_stream = false;
	no_copy = true;
	expect_no_memory(&config);
	no_copy = false;
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_no_memory),
	cmocka_unit_test(test_trees),
	cmocka_unit_test(test_properties),
	cmocka_unit_test(test_identity),
	cmocka_unit_test(test_drop_vectors),
	cmocka_unit_test(test_errors),
	cmocka_unit_test(test_help),
	cmocka_unit_test(test_isa_names),
	cmocka_unit_test(test_profile_flags),
	cmocka_unit_test(test_isa_mistakes),
	cmocka_unit_test(test_linux),
	{ 0 },
};
