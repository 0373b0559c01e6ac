/// A calendar that is not ours: by messages only, and as simple as one can be. It can be told to have one flaw.
public enum ForeignCalendar {
    public static func command(flaw: String = "none") -> [String] { ["perl", "-e", program, "{socket}", "{clients}", flaw] }

    private static let program = #"""
        use strict;
        use IO::Socket::UNIX;
        use IO::Select;
        $SIG{PIPE} = "IGNORE";
        my ($path, $expected, $flaw) = @ARGV;
        my $listener = IO::Socket::UNIX->new(Local => $path, Listen => 99) or die "cannot listen";
        my $all = IO::Select->new($listener);
        my %clients;
        my ($now, $begun, $running, $sequence, $served, $starts, $erred) = (0, 0, undef, 0, 0, 0, 0);
        my $forever = 9223372036854775807;
        # How far who runs may go by itself, and how far anybody may have gone.
        my ($free, $bound) = (0, 0);

        sub put { my ($client, $operation, $number, $time) = @_; syswrite($client->{link}, pack("LLQ", $operation, $number, $time)) // drop($client); }

        sub settle { my ($owed) = @_; put($owed->{from}, 0, $owed->{number}, 0) if --$owed->{left} == 0 && $clients{$owed->{from}{id}}; }

        sub drop {
            my ($client) = @_;
            return unless delete $clients{$client->{id}};
            $all->remove($client->{link});
            close $client->{link};
            undef $running if $running && $running == $client;
            settle($_) for values %{$client->{owed}};
            exit 0 if $served && !%clients && $flaw ne "lasts" && !($flaw eq "stays" && $erred);
        }

        sub take {
            my ($client, $operation, $number, $time) = @_;
            if ($operation == 1) {
                return drop($client) if $client->{phase} ne "new";
                @$client{qw(phase start)} = ("wants", $number);
                return;
            }
            return drop($client) if $client->{phase} =~ /new|wants/;
            $erred ||= $operation > 9;
            exit 7 if $flaw eq "dies" && $operation > 9;
            kill("SEGV", $$) if $flaw eq "crashes" && $operation > 9;
            drop((grep { $_ != $client } values %clients)[0] // $client) if $flaw eq "cuts" && $operation > 9;
            if ($operation == 0) {
                my $owed = delete $client->{owed}{$number};
                return drop($client) unless $owed;
                settle($owed);
            } elsif ($operation == 2) {
                return drop($client) if $time < $now;
                $client->{request} = $time;
                my $answer = { from => $client, number => $number, left => 1 };
                if ($running && $running != $client && $time < $free) {
                    $free = $time;
                    $answer->{left}++;
                    $running->{owed}{++$sequence} = $answer;
                    put($running, 7, $sequence, $free);
                }
                settle($answer);
            } elsif ($operation == 3) {
                return drop($client) unless $running && $running == $client;
                undef $running;
                $client->{phase} = "idle";
                put($client, 0, $flaw eq "numbers" ? $number + 1 : $number, 0);
            } elsif ($operation == 4) {
                put($client, 0, $number, $flaw eq "backwards" ? 0 : $now) unless $flaw eq "mute";
            } elsif ($operation == 5) {
                return drop($client) unless $running && $running == $client && $time >= $now && $time <= $bound;
                $now = $time;
                put($client, 0, $number, 0);
            } elsif ($operation == 8) {
                put($client, 0, $number, 0);
            } elsif ($operation == 9) {
                my @others = grep { $_ != $client && $_->{phase} !~ /new|wants/ } values %clients;
                @others = () if $flaw eq "deaf";
                my $owed = { from => $client, number => $number, left => 1 + @others };
                for my $other (@others) { $other->{owed}{++$sequence} = $owed; put($other, 9, $sequence, $time); }
                settle($owed);
            } else {
                drop($client);
            }
        }

        sub proceed {
            while (!$running || $flaw eq "two") {
                my ($first, $second) = sort { $a->{request} <=> $b->{request} || $a->{id} <=> $b->{id} } grep { $_->{phase} eq "idle" } values %clients;
                my ($next) = sort { $a->{id} <=> $b->{id} } grep { $_->{phase} eq "wants" } values %clients;
                $begun ||= $expected <= grep { $_->{phase} eq "wants" } values %clients;
                if ($next && $begun) {
                    return if $flaw eq "starves" && ++$starts > 2;
                    my $latest = $first && $first->{request} < $bound ? $first->{request} : $bound;
                    $now = $latest if $now < $latest;
                    $free = $now;
                    $running = $next;
                    $next->{phase} = "running";
                    put($next, 0, $next->{start}, $next->{id});
                    next;
                }
                return unless $first && $first->{request} < $forever;
                return if $flaw eq "tires" && $first->{turns}++ > 2;
                if ($first->{request} < $now) { drop($first); next; }
                $now = $first->{request};
                $running = $first;
                @$first{qw(phase request)} = ("running", $forever);
                my $time = $now + ($flaw eq "late" ? 1 : $flaw eq "early" && $now > 0 ? -1 : 0);
                $free = $now + 100;
                $free = $second->{request} if $second && $second->{request} < $free && $flaw ne "beyond";
                $bound = $free if $bound < $free;
                my $unneeded = { left => 0 };
                $first->{owed}{++$sequence} = $unneeded;
                put($first, 7, $sequence, $free);
                $first->{owed}{++$sequence} = $unneeded;
                put($first, 6, $sequence, $time);
            }
        }

        while (1) {
            for my $link ($all->can_read) {
                if ($link == $listener) {
                    my $new = $listener->accept or next;
                    $new->blocking(0);
                    $served++;
                    $clients{$served} = { id => $served, link => $new, input => "", phase => "new", request => $forever, owed => {} };
                    $all->add($new);
                    next;
                }
                my ($client) = grep { $_->{link} == $link } values %clients or next;
                my $count = sysread($link, $client->{input}, 4096, length($client->{input}));
                if (!$count) { drop($client); proceed(); next; }
                while ($clients{$client->{id}} && length($client->{input}) >= 16) {
                    take($client, unpack("LLQ", substr($client->{input}, 0, 16, "")));
                    # At once: what has come with this message may make another difference later.
                    proceed();
                }
            }
        }
        """#
}
