# SPDX-License-Identifier: MIT
# Lines of a log: made, taken apart by regular expressions, counted and sorted.
use strict;
use warnings;

my ($state, %hits, %bytes, @slow) = (1);

sub pick {
	$state = ($state * 1103515245 + 12345) % 2147483648;
	return int($state / 65536) % shift;
}

for my $n (1 .. 40000) {
	my $line = sprintf('10.0.%d.%d - "GET /page/%d?user=%x" %d %d', pick(4), pick(250), pick(300),
		pick(4096), pick(10) ? 200 : 404, pick(5000));
	next unless $line =~ m{^(\d+(?:\.\d+){3}) - "(\w+) (/[^?]+)\?user=([0-9a-f]+)" (\d+) (\d+)$};
	$hits{$3}++;
	$bytes{$1} += $6;
	push @slow, "$4:$6" if $5 == 404 && $6 > 2500;
	(my $upper = $3) =~ tr/a-z/A-Z/;
	$hits{$upper}++ if $upper =~ s/7/seven/g;
}
my @order = sort { $hits{$b} <=> $hits{$a} || $a cmp $b } keys %hits;
my @large = sort { $bytes{$b} <=> $bytes{$a} || $a cmp $b } keys %bytes;
print join(' ', scalar(@slow), @order[0 .. 4], map { "$_=$bytes{$_}" } @large[0 .. 4]), "\n";
