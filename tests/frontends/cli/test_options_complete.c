/* SPDX-License-Identifier: MIT */
/* Completion of the words of a command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frontends/cli/complete.h"
#include "frontends/cli/table.h"
#include "options_line.h"

#define WORDS_MAX 8

/* Lists the parameters of a core that has two. */
static void list_parameters(const char *core, complete_parameter *print, void *ctx)
{
	if (strcmp(core, "cva6"))
		return;
	print(ctx, "icache.ways", "ways");
	print(ctx, "icache.replacement", "random|plru");
}

/* Returns all candidates, with a '|' before and after each; the caller frees them. */
static char *complete(const char *words)
{
	char line[256], *argv[WORDS_MAX], *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int argc = 0;

	snprintf(line, sizeof(line), "baya %s", words);
	for (char *word = line; word; argc++) {
		char *blank = strchr(word, ' ');

		if (blank)
			*blank = 0;
		argv[argc] = word;
		word = blank ? blank + 1 : NULL;
	}
	fputc('\n', out);
	options_complete(out, argc, argv, list_parameters);
	fclose(out);
	for (char *end = strchr(text, '\n'); end; end = strchr(end, '\n'))
		*end = '|';
	return text;
}

/* In each case, these are all candidates. */
static void test_all(void **state)
{
	static const struct {
		const char *words, *found;
	} cases[] = {
		{ "help ", "|cycles|explain|get|help|logdiff|relay|run|screenshot|test|" },
		{ "exp", "|explain|" },
		{ "-m 1G exp", "|" },
		{ "help run exp", "|" },
		{ "run ", "|debian|" },
		{ "run debian --ss", "|--ssh=|" },
		{ "-M vi", "|virt|" },
		{ "-M virt,aia=", "|virt,aia=aplic|virt,aia=aplic-imsic|virt,aia=none|" },
		{ "-machine aia=n", "|aia=none|" },
		{ "-device virtio-net-device,m",
		  "|virtio-net-device,mac=|virtio-net-device,mq=|virtio-net-device,mrg_rxbuf=|" },
		{ "-device virtio-net-pci,mq=on,mq=", "|virtio-net-pci,mq=on,mq=off|"
						      "virtio-net-pci,mq=on,mq=on|" },
		{ "-device frob,", "|" },
		{ "-device virtio-net-device,frob=1,m", "|" },
		{ "-netdev ", "|dgram|hubport|stream|tap|user|" },
		{ "-netdev hubport,h", "|hubport,hubid=|" },
		{ "-nic tap,mo", "|tap,model=|" },
		{ "-chardev socket,w", "|socket,wait=|" },
		{ "-object rng-random,", "|rng-random,filename=|rng-random,id=|" },
		{ "-drive if=", "|if=none|if=pflash|if=virtio|" },
		{ "-drive file=a,,b,if=v", "|file=a,,b,if=virtio|" },
		{ "--core=c", "|--core=c906|--core=cva6|--core=cva6-inorder|" },
		{ "--core c", "|c906|cva6|cva6-inorder|" },
		{ "--timing=cva6,", "|--timing=cva6,help|--timing=cva6,icache.replacement=|"
				    "--timing=cva6,icache.ways=|" },
		{ "--timing cva6,h", "|cva6,help|" },
		{ "--core cva6,icache.ways=4,icache.replacement=",
		  "|cva6,icache.ways=4,icache.replacement=plru|"
		  "cva6,icache.ways=4,icache.replacement=random|" },
		{ "--timing=frob,", "|--timing=frob,help|" },
		{ "-cpu rv64", "|rv64|rv64gc|" },
		{ "-cpu rv64gc,zbb=", "|rv64gc,zbb=off|rv64gc,zbb=on|" },
		{ "-d int,exe", "|int,exec|" },
		{ "-display sdl,scale=i", "|sdl,scale=integer|" },
		{ "-sandbox on,elevateprivileges=",
		  "|on,elevateprivileges=allow|on,elevateprivileges=children|"
		  "on,elevateprivileges=deny|" },
		{ "logdiff --", "|--no-csrs|" },
		{ "-append --cor", "|" },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		char *found = complete(cases[n].words);

		assert_string_equal(found, cases[n].found);
		free(found);
	}
}

/* Every option is completed where it is valid, and nowhere else. */
static void test_options(void **state)
{
	static const struct {
		const char *words;
		enum options_verb verb;
	} cases[] = {
		{ "--", VERB_RUN }, { "test --", VERB_TEST }, { "explain --", VERB_EXPLAIN },
		{ "cycles --", VERB_CYCLES }, { "run --", VERB_COMMAND },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(cases) * options_count; n++) {
		const struct option *option = &options_table[n % options_count];
		char *found = complete(cases[n / options_count].words), name[64];
		bool optional = !option->value || option_is_optional(option);

		snprintf(name, sizeof(name), "|--%s%s|", option->name, optional ? "" : "=");
		if (option_goes(option, cases[n / options_count].verb) != !!strstr(found, name))
			fail_msg("%s%s", cases[n / options_count].words, name);
		free(found);
	}
}

/* The keys of lists are found by the parsers, so every property of every device is offered. */
static void test_devices(void **state)
{
	struct device_name device;

	for (unsigned n = 0; device_name_at(n, &device); n++) {
		struct key keys[DEVICE_KEYS_MAX];
		unsigned count = device_keys(device.type, device.transport, keys);
		char words[96], name[96], *found;

		snprintf(words, sizeof(words), "-device %s,", device.text);
		found = complete(words);
		for (unsigned i = 0; i < count; i++) {
			snprintf(name, sizeof(name), "|%s,%s=|", device.text, keys[i].name);
			assert_non_null(strstr(found, name));
		}
		free(found);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_all),
	cmocka_unit_test(test_options),
	cmocka_unit_test(test_devices),
	{ 0 },
};
