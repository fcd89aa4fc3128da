/**
 * A program for perl that listens on a unix socket for datagrams, as syslog and web servers send them, and says each as a line: Node has none
 * of these sockets. Words: the socket, and the group that may write to it (none: root alone). It ends with its input.
 */
export const DATAGRAM_SCRIPT = String.raw`
use strict;
use Socket;
my ($path, $group) = @ARGV;
my $gid = defined $group ? getgrnam($group) : 0;
defined $gid or die "there is no group $group\n";
die "$path is there already, and is no socket\n" if -e $path && !-S _;
unlink $path;
umask 0177;
socket(my $socket, PF_UNIX, SOCK_DGRAM, 0) or die "socket: $!\n";
setsockopt($socket, SOL_SOCKET, SO_RCVBUF, 4 << 20);
bind($socket, sockaddr_un($path)) or die "$path: $!\n";
if (defined $group) {
  chown(-1, $gid, $path) && chmod(0660, $path) or die "$path: $!\n";
}
$SIG{TERM} = sub { unlink $path; exit 0 };
$| = 1;
my ($said, $watched) = ("", "");
vec($watched, $_, 1) = 1 for 0, fileno($socket);
while (1) {
  next if select(my $ready = $watched, undef, undef, undef) < 0;
  last if vec($ready, 0, 1) && !sysread(STDIN, $said, 1024);
  next unless vec($ready, fileno($socket), 1) && defined recv($socket, $said, 65536, 0);
  $said =~ s/[\x00\r\n]+\z//;
  $said =~ tr/\x00\r\n/   /;
  print "$said\n" if $said ne "";
}
unlink $path;
`;
