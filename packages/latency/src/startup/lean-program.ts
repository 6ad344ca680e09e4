/** The numbers of the system calls that the launcher makes: Perl has no names for them without its larger modules. */
interface CallNumbers {
  readonly clockGettime: number;
  readonly wait4: number;
}

/** Both use 64-bit longs, on which the layouts in the program rest. */
export const callNumbers: Readonly<Record<string, CallNumbers>> = {
  x64: { clockGettime: 228, wait4: 61 },
  arm64: { clockGettime: 113, wait4: 260 },
};

/** File descriptor of the channel on which the launcher reports; the program never sees it. */
export const controlFd = 3;

/**
 * Runs its arguments as a program and reports, a line each:
 *
 * - `started PID FORK EXEC CPU`: nanoseconds of CLOCK_MONOTONIC before the fork and right before the exec, and the
 *   processor time that had gone by then, which is not the program's
 * - `failed ERRNO` instead, when there is no such program
 * - `cpu NANOSECONDS`: for `cpu PID…` written to it; processor time of these processes with all their threads, also ended
 *   ones, to the nanosecond
 * - `ended TIME STATUS USER SYSTEM RSS`: when the program has ended, with what wait4 says of it and of those of its
 *   children that it waited for, in microseconds and KiB
 *
 * The arguments: the two call numbers, 1 when PERL_BADLANG is not the program's own, the program, its arguments.
 * pidfd_open has the same number everywhere.
 */
export const leanProgram = `
my ($CLOCK, $WAIT4, $quiet) = splice @ARGV, 0, 3;
# SIGTERM is for the program; this process stays to report. A handler, unlike IGNORE, does not survive an exec.
$SIG{TERM} = $SIG{INT} = $SIG{HUP} = sub {};
open(my $control, '+<&=', ${controlFd}) or exit 125;
fcntl($control, 2, 1);
sub report { syswrite $control, join(' ', @_) . "\\n" }
sub nanos { my ($s, $n) = unpack 'q2', $_[0]; sprintf '%d%09d', $s, $n }
pipe(my $reader, my $writer);
my ($fork, $exec, $cpu, $at) = map { pack 'q2', 0, 0 } 1 .. 4;
delete $ENV{PERL_BADLANG} if $quiet;
my $name = $ARGV[0];
syscall($CLOCK, 1, $fork);
my $pid = fork;
exit 125 unless defined $pid;
if ($pid == 0) {
  $SIG{TERM} = $SIG{INT} = $SIG{HUP} = 'DEFAULT';
  syscall($CLOCK, 2, $cpu);
  syscall($CLOCK, 1, $exec);
  syswrite $writer, $cpu . $exec;
  exec { $name } @ARGV;
  syswrite $writer, pack('q', $! + 0);
  kill 'KILL', $$;
}
close $writer;
my ($times, $errno, $refused);
# A signal may interrupt a read. The pipe closes by the exec itself.
1 until defined sysread $reader, $times, 32;
1 until defined($refused = sysread $reader, $errno, 8);
if ($refused) {
  report('failed', unpack 'q', $errno);
  exit;
}
report('started', $pid, nanos($fork), nanos(substr $times, 16), nanos($times));
my $ending = syscall(434, $pid, 0);
my ($open, $rest) = (1, '');
for (;;) {
  my $ready = '';
  vec($ready, $ending, 1) = 1;
  vec($ready, ${controlFd}, 1) = 1 if $open;
  next if select($ready, undef, undef, undef) < 1;
  if (vec($ready, $ending, 1)) {
    syscall($CLOCK, 1, $at);
    last;
  }
  my $got = sysread $control, $rest, 4096, length $rest;
  next if !defined $got && $! == 4;
  $open = $got;
  while ($rest =~ s/^cpu (.*)\\n//) {
    my $sum = 0;
    for my $each (split ' ', $1) {
      # The clock of another process: its id, inverted, above three bits of which 2 chooses the scheduler's own account.
      $sum += nanos($cpu) if syscall($CLOCK, -8 * ($each + 1) + 2, $cpu) == 0;
    }
    report('cpu', $sum);
  }
}
my ($status, $usage) = ("\\0" x 8, "\\0" x 144);
syscall($WAIT4, $pid, $status, 0, $usage);
my @usage = unpack 'q5', $usage;
report('ended', nanos($at), unpack('i', $status), $usage[0] * 1000000 + $usage[1], $usage[2] * 1000000 + $usage[3], $usage[4]);
`;
