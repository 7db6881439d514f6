/* SPDX-License-Identifier: MIT */
/* Tests the models of -cpu: that the data is consistent, and which extensions result from texts. */
#include <stdio.h>
#include <string.h>

#include "cpu/isa/identity.h"
#include "cpu/isa/isa.h"
#include "cpu/isa/model.h"
#include "tests/cmocka.h"
#include "tests/cpu/random.h"

static const char *const names[] = {
#define EXT(id, name, meaning, state) name,
#include "cpu/isa/ext.def"
#undef EXT
};

static const char *const model_names[] = { "rv64gc", "rva20s64", "rva22s64", "rva23s64", "max" };

static unsigned model_find(const char *name)
{
	unsigned ext = 0;

	while (ext < EXT_COUNT && strcmp(names[ext], name))
		ext++;
	return ext;
}

static bool has(struct ext_set set, const char *name)
{
	unsigned ext = model_find(name);

	return ext < EXT_COUNT && ext_has(set, ext);
}

static struct ext_set parse(const char *text)
{
	struct model_error error;
	struct ext_set set = EXT_NONE;

	if (model_parse(text, &set, &error))
		fail_msg("'%s': %s", text, error.text);
	if (!model_consistent(set))
		fail_msg("'%s' breaks a rule of model.def", text);
	return set;
}

/* Each model has what the one before it has, and breaks no rule. */
static void test_models(void **unused)
{
	struct ext_set before = EXT_NONE;

	for (unsigned i = 0; i < ARRAY_SIZE(model_names); i++) {
		struct ext_set set = parse(model_names[i]);

		assert_true(ext_equal(set, model_extensions(model_names[i])));
		assert_true(ext_is_within(before, set));
		assert_true(ext_is_within(set, EXT_TOGETHER));
		before = set;
	}
	assert_true(ext_equal(before, EXT_DEFAULT));
	assert_true(ext_equal(parse("rv64"), EXT_DEFAULT));
	assert_true(ext_equal(parse("MAX"), EXT_DEFAULT));
	assert_true(ext_is_empty(model_extensions("rv32")));
}

/* Returns the rank of a name by the rules of the manual, "Canonical Order". */
static unsigned rank(const char *name)
{
	static const char letters[] = "imafdqcbvph", categories[] = "imafdqlcbkjtpvh";
	static const char *const prefixes[] = { "sd", "su", "ss", "sv", "sh", "sm" };

	if (!name[1])
		return strchr(letters, *name) ? (unsigned)(strchr(letters, *name) - letters) :
		       *name == 's'           ? 40 :
						41;
	if (!strcmp(name, "counttraps") || !strncmp(name, "hpm", 3) ||
	    !strcmp(name, "misaligned") || !strcmp(name, "pmp"))
		return 60; /* Baya's own names come last */
	if (*name == 'x')
		return 56; /* vendors' extensions */
	if (*name == 'z')
		return 20 + (unsigned)(strchr(categories, name[1]) - categories);
	for (unsigned i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (!strncmp(name, prefixes[i], 2))
			return 50 + i;
	fail_msg("%s is of no kind", name);
	return 0;
}

static void test_order(void **unused)
{
	for (unsigned i = 1; i < EXT_COUNT; i++) {
		unsigned left = rank(names[i - 1]), right = rank(names[i]);

		if (left > right || (left == right && strcmp(names[i - 1], names[i]) >= 0))
			fail_msg("%s must not be before %s", names[i - 1], names[i]);
	}
}

/* The names that model.def lists as ones that no hart has. */
#define MODEL(...)
#define NEEDS(...)
#define NEEDS_WITH(...)
#define HAS(...)
#define IS(...)
#define IS_WITH(...)
#define EXCLUDES(...)
#define ALWAYS(...)
#define LACKS(list) list
#define BASE(...)
#define IDENTITY(...)
static const char lacks[] =
#include "cpu/isa/model.def"
	;
#undef MODEL
#undef BASE
#undef NEEDS
#undef NEEDS_WITH
#undef HAS
#undef IS
#undef IS_WITH
#undef EXCLUDES
#undef LACKS

static const char *const mentioned[] = {
#define MODEL(name, bases, meaning, extensions) extensions,
#define BASE(name, bases, extensions) extensions,
#define NEEDS(ext, needs) ext, needs,
#define NEEDS_WITH(ext, with, needs) ext, with, needs,
#define HAS(ext, needs) ext, needs,
#define IS(ext, needs) ext, needs,
#define IS_WITH(ext, with, needs) ext, with, needs,
#define EXCLUDES(ext, other) ext, other,
#define LACKS(...)
#include "cpu/isa/model.def"
};

/* Every name in model.def is in ext.def, or is known not to be there. */
static void test_names(void **unused)
{
	char list[1024], known[1024], word[40], *rest, *name;

	snprintf(known, sizeof(known), " %s ", lacks);
	for (unsigned i = 0; i < ARRAY_SIZE(mentioned); i++) {
		snprintf(list, sizeof(list), "%s", mentioned[i]);
		for (name = strtok_r(list, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
			snprintf(word, sizeof(word), " %s ", name);
			if (model_find(name) == EXT_COUNT && !strstr(known, word))
				fail_msg("model.def: what is %s?", name);
		}
	}
	snprintf(list, sizeof(list), "%s", lacks);
	for (name = strtok_r(list, " ", &rest); name; name = strtok_r(NULL, " ", &rest))
		if (has(EXT_DEFAULT, name))
			fail_msg("max has %s, which must not be in LACKS", name);
}

/* Each extension can be removed from max and added to rv64gc, and the set is consistent. */
static void test_each(void **unused)
{
	char text[64];

	for (unsigned ext = 0; ext < EXT_COUNT; ext++) {
		if (ext != EXT_i) {
			snprintf(text, sizeof(text), "max,%s=off", names[ext]);
			assert_false(has(parse(text), names[ext]));
		}
		snprintf(text, sizeof(text), "rv64gc,%s=on", names[ext]);
		assert_true(has(parse(text), names[ext]));
	}
}

struct rule_case {
	const char *text, *on, *off;
};

static void check_rules(const struct rule_case *cases, unsigned count)
{
	char list[256], *rest, *name;

	for (unsigned i = 0; i < count; i++) {
		struct ext_set set = parse(cases[i].text);

		snprintf(list, sizeof(list), "%s", cases[i].on);
		for (name = strtok_r(list, " ", &rest); name; name = strtok_r(NULL, " ", &rest))
			if (!has(set, name))
				fail_msg("'%s' does not have %s", cases[i].text, name);
		snprintf(list, sizeof(list), "%s", cases[i].off);
		for (name = strtok_r(list, " ", &rest); name; name = strtok_r(NULL, " ", &rest))
			if (has(set, name))
				fail_msg("'%s' has %s", cases[i].text, name);
	}
}

static void test_rules(void **unused)
{
	static const struct rule_case cases[] = {
		{ "max", "zba zbc sv48 svadu b c zcd", "sv57" },
		{ "rv64gc", "i m a f d c zicsr zicntr sv39 zca zcd zaamo", "b zba sstc sv48 zihpm" },
		{ "rv64gc,zba=on,zbb=on,zbs=on", "b", "zbc" },
		{ "rv64gc,zba=on,zbb=on", "zba", "b" },
		{ "rv64gc,b=on", "zba zbb zbs", "" },
		{ "max,zbb=off", "zba zbs zkn", "b zbb" },
		{ "max,b=off", "zbc", "b zba zbb zbs" },
		{ "max,b=off,zba=on", "zba", "b zbb zbs" },
		{ "max,f=off", "c zca", "f d zcd" },
		{ "max,d=off", "f c zca", "d zcd" },
		{ "max,zcd=off", "f d zca", "c zcd" },
		{ "max,c=off", "d", "c zca zcd" },
		{ "max,c=off,zca=on", "zca", "c zcd" },
		{ "max,m=off", "", "m zmmul" },
		{ "max,m=off,zmmul=on", "zmmul", "m" },
		{ "max,a=off", "", "a zaamo zalrsc zawrs ziccrse ziccamoa" },
		{ "max,zaamo=off", "zalrsc zawrs", "a ziccamoa" },
		{ "max,sv57=on", "sv39 sv48 sv57", "" },
		{ "max,sv48=off", "sv39", "sv57" },
		{ "max,pmp=off", "smmpm s", "pmp smepmp" },
		{ "rv64gc,smepmp=on", "pmp", "" },
		{ "rv64gc,sv57=on", "sv48", "" },
		{ "max,s=off", "u", "s sv39 sstc svade svnapot" },
		{ "max,u=off", "zicsr", "s u" },
		{ "max,zicsr=off", "m a c", "f d zicntr s u" },
		{ "max,zkn=off", "zksed zksh zkt", "zkn zks zbkb zknd" },
		{ "max,zkn=off,zks=on", "zks zbkb zksed", "zkn zknd zkne zknh" },
		{ "max,zba=off,zba=on", "zba b", "" },
		{ "max", "", "zcmp zcmt zce smrnmi smdbltrp" },
		{ "max,zcmp=on", "zcmp zcb d", "c zcd zce" },
		{ "max,zce=on", "zce zcmp zcmt zcb", "c zcd" },
		{ "max,zcmp=on,zcmt=on", "zce", "" },
		{ "max,zcmp=on,d=off", "c zcmp f", "zcd" },
		{ "rv64,v=off,H=false,Zba=true,mmu=on", "zba", "v h" },
		{ "rv64,mmu=off", "s u svbare pmp", "sv39 sv48 sv57 svade h" },
		{ "rv64,priv_spec=V1.12.0,vext_spec=v1.0,h=off", "s v", "h" },
		{ "rv64gc,x-epmp=true,x-smaia=on,X-ssaia=on", "smepmp smaia ssaia", "" },
		{ "max,x-epmp=false,debug=off", "", "sdtrig smepmp" },
		/* Sm* is all privilege levels of a feature, and Ss* is what S-mode sees of it. */
		{ "rv64gc,smstateen=on", "ssstateen", "" },
		{ "rv64gc,smcsrind=on", "sscsrind", "smaia ssaia" },
		{ "rv64gc,smaia=on", "ssaia smcsrind sscsrind", "" },
		{ "rv64gc,s=off,smstateen=on,smaia=on", "smcsrind", "s ssstateen sscsrind ssaia" },
		{ "rv64gc,ssstateen=on,ssaia=on", "sscsrind", "smstateen smcsrind smaia" },
		{ "max,s=off", "smstateen smcsrind smaia", "ssstateen sscsrind ssaia" },
		{ "max,ssstateen=off", "smaia", "smstateen" },
		{ "max,ssaia=off", "smcsrind", "smaia" },
		{ "max,sscsrind=off", "smstateen", "ssaia smaia smcsrind smcdeleg" },
		{ "max,sscsrind=off,smstateen=on", "ssstateen", "ssaia smaia smcsrind" },
	};

	check_rules(cases, ARRAY_SIZE(cases));
}

static void test_profiles(void **unused)
{
	static const struct rule_case cases[] = {
		{ "rva20s64", "ziccamoa za128rs svade", "za64rs zihpm zba sstc" },
		{ "rva22s64", "b zba zicbom zihpm za64rs svpbmt", "sstc svnapot zicond zbc sv48" },
		{ "rva23s64", "sstc svnapot zicond zawrs v", "sv48 svadu zbc" },
		{ "rvi20u64", "i zicntr", "m a f c zihpm" },
		{ "rvb23u64", "b zicond zimop zcmop zcb zfa zawrs zicboz zkt", "zfhmin v supm sstc" },
		{ "rvb23s64", "sstc svnapot svpbmt svinval sscofpmf sscounterenw ssu64xl",
		  "zfhmin v h sha ssnpm sv48 svadu zbc" },
		{ "rva23s64", "ssstateen", "smstateen" },
	};

	check_rules(cases, ARRAY_SIZE(cases));
}

static void test_vector_rules(void **unused)
{
	static const struct rule_case cases[] = {
		{ "max", "v zve32f zve32x zve64d zve64f zve64x zvfh zvfhmin zvfbfmin zvfbfwma zvbb zvbc "
			 "zvkb zvkg zvkn zvknc zvkned zvkng zvknha zvknhb zvks zvksc zvksed zvksg zvksh "
			 "zvkt", "" },
		{ "rv64gc,v=on", "v zve32f zve32x zve64d zve64f zve64x", "zvfh zvfhmin" },
		{ "rv64gc,zvfh=on", "zvfhmin zfhmin zve32f zve32x f", "v zve64x" },
		{ "rv64gc,zve64f=on", "zve32f zve32x zve64x", "v zve64d" },
		{ "rva23s64", "v zve64d zvbb zvkb zvfhmin zvkt", "zvfh zvbc zvkn" },
		{ "rva23s64,zvfh=on,zvbc=on,zvkng=on,zvksg=on,zvfbfwma=on",
		  "v zvfh zvbc zvkng zvknc zvksg zvksc zvfbfmin zvfbfwma zfbfmin", "" },
		{ "rva23s64,v=off", "zfhmin", "v zve32x zve32f zve64x zve64f zve64d zvbb zvkb zvkt" },
		{ "max,v=off", "zfh zkn", "v zve32x zve64x zve32f zvfh zvbb zvkn zvks zvkt zvfbfwma" },
		{ "max,v=off,zve64x=on", "zve32x zve64x zvbb zvbc", "v zve32f zve64d zvfh" },
		{ "max,v=off,zvfh=on", "zvfh zve32f", "v zve64x zvbc" },
		{ "max,zve64d=off", "zve64f zve64x zvfh zvbb", "v zve64d" },
		{ "max,zve32x=off", "d", "v zve64x zve32f zvkt zvkng" },
		{ "max,f=off", "zve64x zvbb", "v zve32f zve64f zve64d zvfh zvfhmin" },
		{ "max,d=off", "zve64f zvfh", "v zve64d" },
		{ "max,zvkb=off", "v zvkned", "zvkb zvbb zvkn zvkng zvks" },
		{ "rv64gc,zvbb=on", "zvkb zve32x", "v zve64x zvbc" },
		{ "rv64gc,zvkn=on", "zvkned zvknha zvknhb zvkb zvkt zve64x", "zvknc zvkng v zve64d" },
		{ "rv64gc,zvkng=on", "zvkn zvkg", "zvbc zvknc" },
		{ "rv64gc,zvkn=on,zvbc=on", "zvknc", "zvkng" },
		{ "rv64gc,zvks=on", "zvksed zvksh zvkb zvkt", "zve64x zvksc zvksg" },
		{ "rv64gc,zvks=on,zvkg=on", "zvksg", "zvksc" },
		{ "rv64gc,zvksc=on", "zvks zvbc zve64x", "zvksg" },
		{ "rv64gc,zvfbfwma=on", "zvfbfmin zfbfmin zve32f", "zvfh zve64x" },
	};

	check_rules(cases, ARRAY_SIZE(cases));
}

static void test_errors(void **unused)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ "", "no model ''; accepted: rv64gc, rva20s64, rva22s64, rvb23s64, rva23s64, cva6, c906, "
		      "rocket, u74, max" },
		{ "sifive", "no model 'sifive'; accepted: rv64gc, rva20s64, rva22s64, "
			    "rvb23s64, rva23s64, cva6, c906, rocket, u74, max" },
		{ "max,,zba", "no extension '' (-cpu help lists all)" },
		{ "max,zbz", "no extension 'zbz', nearest is 'zba' (-cpu help lists all)" },
		{ "max,priv_spec=v1.10.0", "'priv_spec=v1.10.0' is not accepted; accepted: v1.12.0" },
		{ "max,zba=", "'zba=' is not accepted; accepted: on, off" },
		{ "max,zba=5", "'zba=5' is not accepted; accepted: on, off" },
		{ "max,zalasr=5", "'zalasr=5' is not accepted; accepted: on, off" },
		{ "max,g=5", "'g=5' is not accepted; accepted: on, off" },
		{ "max,num-pmp-regions=8", "no property 'num-pmp-regions' (-cpu help lists all)" },
		{ "max,zalasr=on", "'zalasr=on': no hart has it yet" },
		{ "max,svrsw60t59b=on", "'svrsw60t59b=on': no hart has it yet" },
		{ "max,ziccid=on", "'ziccid=on': no hart has it yet" },
		{ "max,zvkn=on,zvkt=off", "'zvkn=on' needs zvkt, which 'zvkt=off' takes away" },
		{ "max,zvfbfwma=on,zfbfmin=off",
		  "'zvfbfwma=on' needs zfbfmin, which 'zfbfmin=off' takes away" },
		{ "max,v=on,f=off", "'v=on' needs f, which 'f=off' takes away" },
		{ "max,d=off,v=on", "'v=on' needs d, which 'd=off' takes away" },
		{ "max,v=on,zve64d=off", "'v=on' needs zve64d, which 'zve64d=off' takes away" },
		{ "rva23s64,v=off,zve64d=on,zve64x=off",
		  "'zve64d=on' needs zve64x, which 'zve64x=off' takes away" },
		{ "max,zvbc=on,zve64x=off", "'zvbc=on' needs zve64x, which 'zve64x=off' takes away" },
		{ "max,v=on,zve32x=off", "'v=on' needs zve32x, which 'zve32x=off' takes away" },
		{ "max,zvfh=on,zfhmin=off", "'zvfh=on' needs zfhmin, which 'zfhmin=off' takes away" },
		{ "max,i=off", "'i=off': every hart has it; leave it out" },
		{ "max,mmu=off,h=on", "'h=on' needs sv39, which 'sv39=off' takes away" },
		{ "max,pmp=off,smepmp=on", "'smepmp=on' needs pmp, which 'pmp=off' takes away" },
		{ "max,f=off,d=on", "'d=on' needs f, which 'f=off' takes away" },
		{ "max,zicsr=off,d=on", "'d=on' needs zicsr, which 'zicsr=off' takes away" },
		{ "max,zbb=off,b=on", "'b=on' needs zbb, which 'zbb=off' takes away" },
		{ "max,sv39=off,sv57=on", "'sv57=on' needs sv39, which 'sv39=off' takes away" },
		{ "max,zcmp=on,zcd=on", "'zcd=on' and 'zcmp=on' contradict each other" },
		{ "max,zcmt=on,c=on", "'c=on' needs zcd, which 'zcmt=on' takes away" },
		{ "max,zcd=off,c=on", "'c=on' needs zcd, which 'zcd=off' takes away" },
		{ "rv64gc,ssstateen=off,smstateen=on",
		  "'smstateen=on' needs ssstateen, which 'ssstateen=off' takes away" },
		{ "max,sscsrind=off,smaia=on",
		  "'smaia=on' needs ssaia, which 'sscsrind=off' takes away" },
	};
	struct model_error error;
	struct ext_set set;

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_true(model_parse(cases[i].text, &set, &error) < 0);
		assert_string_equal(error.text, cases[i].error);
	}
}

/* Returns whether an extension has CSRs, or fields of CSRs, or concerns privileged modes. */
static bool is_of_csrs(unsigned ext)
{
#define CSR_FIELD(number, name, ext, ...) EXT_##ext,
#define CSR_WARL(number, name, ext, ...) EXT_##ext,
#define CSR_CODE(first, last, name, ext, ...) EXT_##ext,
	static const enum ext owners[] = {
#include "cpu/csr/csr.def"
	};

	if (names[ext][0] == 's')
		return true;
	for (unsigned n = 0; n < ARRAY_SIZE(owners); n++)
		if (owners[n] == ext && ext != EXT_i)
			return true;
	return false;
}

/* Without CSRs there are no extensions that need them, whatever else is requested. */
static void test_without_csrs(void **unused)
{
	for (unsigned ext = 0; ext < EXT_COUNT; ext++) {
		struct ext_set set = EXT_NONE;
		struct model_error error;
		char text[64];
		bool good;

		snprintf(text, sizeof(text), "max,%s=on,zicsr=off", names[ext]);
		good = !model_parse(text, &set, &error);
		if (is_of_csrs(ext) && good)
			fail_msg("'%s' is accepted", text);
		for (unsigned other = 0; good && other < EXT_COUNT; other++)
			if (ext_has(set, other) && is_of_csrs(other))
				fail_msg("'%s' has %s", text, names[other]);
	}
}

/*
 * riscv,isa of QEMU 10.0.13's models of the same names; V and the extensions that need it are from
 * the text of QEMU's profile (target/riscv/cpu.c, RVA23U64). `more` are extensions that QEMU always
 * has, besides those of the profile.
 */
static const struct {
	const char *name, *isa, *more;
} qemu_models[] = {
	{ "rva22s64",
	  "i_m_a_f_d_c_b_zic64b_zicbom_zicbop_zicboz_ziccamoa_ziccif_zicclsm_ziccrse_zicntr_zicsr_"
	  "zifencei_zihintpause_zihpm_zmmul_za64rs_zaamo_zalrsc_zfhmin_zca_zcd_zba_zbb_zbs_zkt_"
	  "shcounterenw_shgatpa_shtvala_shvsatpa_shvstvala_shvstvecd_ssccptr_sscounterenw_sstvala_"
	  "sstvecd_ssu64xl_svade_svinval_svpbmt",
	  " shcounterenw shgatpa shtvala shvsatpa shvstvala shvstvecd ssu64xl " },
	{ "rva23s64",
	  "i_m_a_f_d_c_b_v_h_zic64b_zicbom_zicbop_zicboz_ziccamoa_ziccif_zicclsm_ziccrse_zicond_"
	  "zicntr_zicsr_zifencei_zihintntl_zihintpause_zihpm_zimop_zmmul_za64rs_zaamo_zalrsc_zawrs_"
	  "zfa_zfhmin_zca_zcb_zcd_zcmop_zba_zbb_zbs_zkt_zvbb_zve32f_zve32x_zve64d_zve64f_zve64x_zvfhmin_zvkb_zvkt_"
	  "shcounterenw_sha_shgatpa_shtvala_shvsatpa_"
	  "shvstvala_shvstvecd_smnpm_smstateen_ssccptr_sscofpmf_sscounterenw_ssnpm_ssstateen_sstc_"
	  "sstvala_sstvecd_ssu64xl_supm_svade_svinval_svnapot_svpbmt",
	  " smnpm smstateen " },
};

/* ISA strings do not name these, or QEMU does not: Za64rs implies Za128rs. */
static const char unnamed[] = " za128rs s u svbare sv39 misaligned pmp ";

static void test_as_qemu(void **unused)
{
	char list[1024], word[40], *rest, *name;

	for (unsigned i = 0; i < ARRAY_SIZE(qemu_models); i++) {
		struct ext_set set = parse(qemu_models[i].name), theirs = EXT_NONE;

		snprintf(list, sizeof(list), "%s", qemu_models[i].isa);
		for (name = strtok_r(list, "_", &rest); name; name = strtok_r(NULL, "_", &rest)) {
			snprintf(word, sizeof(word), " %s ", name);
			if (model_find(name) < EXT_COUNT && !strstr(qemu_models[i].more, word))
				theirs = ext_with(theirs, model_find(name));
		}
		for (unsigned ext = 0; ext < EXT_COUNT; ext++) {
			snprintf(word, sizeof(word), " %s ", names[ext]);
			if (strstr(unnamed, word) || ext_has(set, ext) == ext_has(theirs, ext))
				continue;
			fail_msg("%s: %s is only in %s", qemu_models[i].name, names[ext],
				 ext_has(set, ext) ? "ours" : "QEMU's");
		}
	}
}

/* A random request is refused with a message, or gives a consistent set that satisfies it. */
static void test_random(void **unused)
{
	u64 seed = 7;
	unsigned accepted = 0;

	for (unsigned n = 0; n < 2000; n++) {
		struct model_error error = { .text = "" };
		unsigned model = random_u64(&seed) % ARRAY_SIZE(model_names);
		char text[128];
		struct ext_set set = EXT_NONE, on = EXT_NONE, off = EXT_NONE;
		int used = snprintf(text, sizeof(text), "%s", model_names[model]);

		for (unsigned i = 0; i < 4; i++) {
			unsigned ext = random_u64(&seed) % EXT_COUNT;
			bool want = random_u64(&seed) >> 63;

			used += snprintf(text + used, sizeof(text) - (size_t)used, ",%s=%s",
					 names[ext], want ? "on" : "off");
			on = want ? ext_with(on, ext) : ext_without(on, ext);
			off = want ? ext_without(off, ext) : ext_with(off, ext);
		}
		if (model_parse(text, &set, &error) < 0) {
			assert_true(*error.text);
			continue;
		}
		accepted++;
		if (!ext_is_within(on, set) || !ext_is_empty(ext_common(off, set)) ||
		    !model_consistent(set))
			fail_msg("'%s'", text);
	}
	assert_in_range(accepted, 500, 1900);
}

/* No implemented extension is reported as missing, and a list is not written beyond its end. */
static void test_missing(void **unused)
{
	char missing[256];

	for (unsigned i = 0; i < model_count; i++) {
		memset(missing, 'x', sizeof(missing));
		model_missing(models[i].name, missing, sizeof(missing));
		assert_string_equal(missing, "");
	}
	model_missing("nothing", missing, sizeof(missing));
	assert_string_equal(missing, "");
}

/* Linux works around errata of harts with other numbers of T-Head and SiFive. */
static void test_identities(void **unused)
{
	static const struct {
		const char *model;
		struct identity identity;
	} rows[] = {
		{ "max", { 0, 0, 0 } },
		{ "rv64gc", { 0, 0, 0 } },
		{ "CVA6", { 0x602, 3, 0 } },
		{ "c906", { 0x5b7, 0, 1 } },
		{ "rocket", { 0, 1, 0x20181004 } },
		{ "u74", { 0x489, 0x8000000000000007, 0x4210427 } },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		struct identity identity = identity_of(rows[i].model);

		assert_memory_equal(&identity, &rows[i].identity, sizeof(identity));
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_identities),
	cmocka_unit_test(test_models), cmocka_unit_test(test_order),
	cmocka_unit_test(test_names),  cmocka_unit_test(test_each),
	cmocka_unit_test(test_rules),  cmocka_unit_test(test_profiles),
	cmocka_unit_test(test_vector_rules),
	cmocka_unit_test(test_errors), cmocka_unit_test(test_without_csrs),
	cmocka_unit_test(test_missing), cmocka_unit_test(test_random),
	cmocka_unit_test(test_as_qemu),
	{ 0 },
};
