/* SPDX-License-Identifier: MIT */
/*
 * The kind of program that Dhrystone stands for, in our own words: a clerk books orders. Of each
 * run's statements about half assign (records of 48 bytes, fields, elements of arrays, globals),
 * a third decide, a sixth call; strings of thirty characters are copied and compared once each,
 * one number is divided. The loop of runs is measured.
 */
#include "pair.h"
RESULTS;

#define RUNS 500
enum state { NEW, PAID, SENT, HELD, CLOSED };

/* A string of thirty characters, which a compiler copies by words where it knows it. */
struct text {
	char bytes[32];
} __attribute__((aligned(8)));

struct order {
	struct order *next;
	enum state state;
	int amount, items;
	char name[28];
};

static struct order first = { .name = "AN ORDER, SOME STRING IN IT" }, second;
static struct order *head = &first;
static int total, stock[50], table[50][50];
static char grade, best;
static int is_open;

NOINLINE static int compare_text(const struct text *a, const struct text *b)
{
	int at = 0;

	while (a->bytes[at] && a->bytes[at] == b->bytes[at])
		at++;
	return (unsigned char)a->bytes[at] - (unsigned char)b->bytes[at];
}

NOINLINE static enum state next_state(enum state state)
{
	switch (state) {
	case NEW:
		return total > 100 ? PAID : HELD;
	case PAID:
		return SENT;
	case SENT:
		return NEW;
	case HELD:
		return CLOSED;
	default:
		return PAID;
	}
}

NOINLINE static void add_up(int a, int b, int *sum)
{
	*sum = b + a + 2;
}

NOINLINE static int same_grade(char a, char b)
{
	char one = a, two = one;

	if (two != b)
		return 0;
	grade = one;
	return 1;
}

/* Fields of one row of the table, from the stock. */
NOINLINE static void book(int counts[], int rows[][50], int at, int value)
{
	int place = at + 5;

	counts[place] = value;
	counts[place + 1] = counts[place];
	counts[place + 30] = place;
	for (int column = place; column <= place + 1; column++)
		rows[place][column] = place;
	rows[place][place - 1] += 1;
	rows[place + 20][place] = counts[place];
	total = 5;
}

NOINLINE static void follow(struct order **link)
{
	if (head)
		*link = head->next;
	add_up(10, total, &head->items);
}

/* The order behind this one becomes a copy of it. */
NOINLINE static void renew(struct order *order)
{
	struct order *behind = order->next;

	*order->next = *head;
	order->amount = 5;
	behind->amount = order->amount;
	behind->next = order->next;
	follow(&behind->next);
	if (behind->state == NEW) {
		behind->amount = 6;
		behind->state = next_state(order->state);
		behind->next = head->next;
		add_up(behind->amount, 10, &behind->amount);
	} else {
		*order = *order->next;
	}
}

NOINLINE static void rate(int *rating)
{
	int left = *rating + 10;

	for (;;) {
		if (best == 'A') {
			left--;
			*rating = left - total;
			break;
		}
	}
}

NOINLINE static void open_up(void)
{
	is_open = (best == 'A') | is_open;
	grade = 'B';
}

NOINLINE static void set_best(void)
{
	best = 'A';
	is_open = 0;
}

NOINLINE static int later(const struct text *a, const struct text *b)
{
	char seen = 'A';

	for (int at = 2; at <= 2;)
		if (!same_grade(a->bytes[at], b->bytes[at + 1])) {
			seen = 'A';
			at++;
		}
	if (seen >= 'W' && seen < 'Z')
		return 0;
	return compare_text(a, b) > 0;
}

NOINLINE static int run_all(int runs)
{
	struct text one = { .bytes = "ORDERS OF THE DAY, BOOK 1 OF 2" }, other;
	int a, b = 0, c = 0;

	for (int run = 1; run <= runs; run++) {
		set_best();
		open_up();
		a = 2;
		b = 3;
		other = (struct text){ .bytes = "ORDERS OF THE DAY, BOOK 2 OF 2" };
		is_open = !later(&one, &other);
		while (a < b) {
			c = 5 * a - b;
			add_up(a, b, &c);
			a++;
		}
		book(stock, table, a, c);
		renew(head);
		for (char letter = 'A'; letter <= grade; letter++)
			if (same_grade(letter, 'C'))
				a = run;
		b = b * a;
		a = b / c;
		b = 7 * (b - c) - a;
		rate(&a);
	}
	return a + b + c;
}

int main(void)
{
	int sum;

	first.next = &second;
	first.state = NEW;
	first.amount = 40;
	table[8][7] = 10;
	EMPTY();
	MEASURE(3, "500 runs", sum, sum = run_all(RUNS));
	check(table[8][7] == 10 + RUNS);
	return 0;
}
