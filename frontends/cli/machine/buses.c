/* SPDX-License-Identifier: MIT */
/* Parses bus= and addr= of -device: the place that a device requests on its bus. */
#include "frontends/cli/table.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "devices/memmap.h"

#define ROOT_PORT "pcie-root-port"

/* Places a device in a slot of virtio-mmio. virtio-mmio-bus.0 is the slot at the lowest address, as
 * in QEMU. */
static int place_mmio(struct parser *parser, const struct device_line *line,
		      struct device_config *config)
{
	const struct board_config *board = &parser->options->board;
	size_t prefix = strlen(MMIO_BUS_PREFIX);
	u64 number;

	if (!line->bus)
		return 0;
	if (strncmp(line->bus, MMIO_BUS_PREFIX, prefix) ||
	    !keyval_number(line->bus + prefix, &number) || number >= VIRTIO_SLOTS)
		return keyval_fail(parser->error,
				   "-device: no bus '%s'; accepted: " MMIO_BUS_PREFIX
				   "0 to " MMIO_BUS_PREFIX "%d",
				   line->bus, VIRTIO_SLOTS - 1);
	config->slot = (unsigned)number + 1;
	for (unsigned i = 0; i < board->device_count; i++)
		if (board->devices[i].transport == DEVICE_MMIO &&
		    board->devices[i].slot == config->slot)
			return keyval_fail(parser->error, "-device: bus=%s is taken twice",
					   line->bus);
	return 0;
}

int check_slot_0(struct board_error *error, const struct device_line *line)
{
	if (!line->addr || keyval_word("0|0.0|0x0|00|00.0", line->addr) >= 0)
		return 0;
	return keyval_fail(error, "-device: addr=%s: behind a " ROOT_PORT " there is only slot 0",
			   line->addr);
}

/* Places a device behind a root port, which must precede it on the command line; its bus has only
 * slot 0. */
static int place_behind(struct parser *parser, const struct device_line *line,
			struct device_config *config)
{
	const struct board_config *board = &parser->options->board;
	bool found = false;

	for (unsigned i = 0; i < board->device_count; i++) {
		const struct device_config *other = &board->devices[i];

		found |= other->id && !strcmp(other->id, line->bus) &&
			 !strcmp(other->type, ROOT_PORT);
		if (other->bus && !strcmp(other->bus, line->bus))
			return keyval_fail(parser->error, "-device: bus=%s is taken twice",
					   line->bus);
	}
	if (!found)
		return keyval_fail(parser->error,
				   "-device: no bus '%s'; accepted: " PCI_ROOT_BUS
				   " and the id of a " ROOT_PORT " before it",
				   line->bus);
	if (!strcmp(config->type, ROOT_PORT))
		return keyval_fail(parser->error,
				   "-device: bus=%s: a " ROOT_PORT " is on " PCI_ROOT_BUS,
				   line->bus);
	config->bus = line->bus;
	return check_slot_0(parser->error, line);
}

/* Parses SLOT[.FUNCTION]; returns the place (struct pci_device), or 0, the host bridge's place, if
 * the text is not valid. */
static unsigned parse_pci_place(const char *text)
{
	unsigned long slot, function = 0;
	char *end;

	slot = strtoul(text, &end, 16);
	if (!isxdigit((unsigned char)*text) || slot >= PCI_SLOTS)
		return 0;
	if (*end == '.' && isxdigit((unsigned char)end[1]))
		function = strtoul(end + 1, &end, 16);
	if (*end || !slot || function >= PCI_FUNCTIONS)
		return 0;
	return (unsigned)(slot * PCI_FUNCTIONS + function);
}

static bool place_is_taken(const struct board_config *board, unsigned place)
{
	for (unsigned i = 0; i < board->device_count; i++)
		if (board->devices[i].transport == DEVICE_PCI && !board->devices[i].bus &&
		    board->devices[i].slot == place)
			return true;
	return false;
}

/* Places a device on the root bus. Numbers are hexadecimal, with or without 0x, as in QEMU; the
 * host bridge is in slot 0. A guest looks for further functions only where it finds function 0. */
static int place_pci(struct parser *parser, const struct device_line *line,
		     struct device_config *config)
{
	const struct board_config *board = &parser->options->board;
	unsigned place;

	if (line->bus && strcmp(line->bus, PCI_ROOT_BUS))
		return place_behind(parser, line, config);
	if (!line->addr)
		return 0;
	place = parse_pci_place(line->addr);
	if (!place)
		return keyval_fail(parser->error,
				   "-device: addr=%s is not a free slot; "
				   "accepted: 1 to %x, hexadecimal, with .1 to .7 for functions",
				   line->addr, PCI_SLOTS - 1);
	if (place_is_taken(board, place))
		return keyval_fail(parser->error, "-device: addr=%s is taken twice", line->addr);
	if (place % PCI_FUNCTIONS && !place_is_taken(board, place - place % PCI_FUNCTIONS))
		return keyval_fail(parser->error,
				   "-device: addr=%s: a device with addr=%x,multifunction=on must "
				   "come before it",
				   line->addr, place / PCI_FUNCTIONS);
	config->slot = place;
	return 0;
}

int place_device(struct parser *parser, const struct device_line *line,
		 struct device_config *config)
{
	if (line->transport == DEVICE_ALONE)
		return 0;
	return line->transport == DEVICE_MMIO ? place_mmio(parser, line, config) :
						place_pci(parser, line, config);
}
