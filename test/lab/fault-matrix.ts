/** The columns of the matrix, in the order in which they are probed. */
export const COLUMNS = [
  ['cl>h', 'cl', '10.5.5.20', 'icmp'],
  ['cl>10.8.0.1', 'cl', '10.8.0.1', 'icmp'],
  ['cl>10.5.5.5', 'cl', '10.5.5.5', 'icmp'],
  ['cl>gw', 'cl', '10.5.5.1', 'icmp'],
  ['srv>h', 'srv', '10.5.5.20', 'icmp'],
  ['srv*>h', '10.8.0.1', '10.5.5.20', 'icmp'],
  ['h>10.5.5.5', 'h', '10.5.5.5', 'icmp'],
  ['h>10.8.0.1', 'h', '10.8.0.1', 'icmp'],
  ['h>cl', 'h', '10.8.0.6', 'icmp'],
  ['TCPcl>h', 'cl', '10.5.5.20', 'tcp'],
  ['TCPh>cl', 'h', '10.8.0.6', 'tcp'],
] as const;

/**
 * The measured table: overlay, its eleven cells, and where an echo request and its reply were seen: request at the server's
 * tun and LAN side and at the target, reply at the target and at the server's LAN side.
 *
 * `ok` answer, `--` silence, `1/2` the first is lost, NU/HU/HP net or host unreachable or host prohibited, HNG TCP connects
 * and then hangs, ERR a connection's error. A cell `a=b` was measured as a and must be b here, for one of these reasons:
 *
 * - `--=NU`, `--=11/0` (TTL), `--=ERR`: the kernel rations ICMP errors, to one a second or less; the lab rations none
 * - `--=HU`, `--=ERR`: the error came after 3 seconds, when the probe had given up; in the lab it comes after 0.6
 * - `HU=--`: the client's packet ends at the server's process, so nobody is left who could send the error that was noted
 */
export const ROWS: readonly (readonly [overlay: string, cells: string, captures: string])[] = [
  ['none',                   'ok  ok ok    ok  ok ok  ok ok    ok    ok  ok ', 'yyyyy'],
  ['missing-return-route',   '--  ok ok    --  ok --  ok NU    --=NU --  ERR', 'yyyy.'],
  ['ip-forward-off',         '--  ok ok    --  ok ok  ok ok    --    --  -- ', 'y....'],
  ['forward-drop',           '--  ok ok    --  ok ok  ok ok    --    --  -- ', 'y....'],
  ['forward-reject',         'HP  ok ok    HP  ok ok  ok ok    HP    ERR ERR', 'y....'],
  ['client-has-no-route',    'NU  ok NU    NU  ok ok  ok ok    --    ERR -- ', '.....'],
  ['target-local-subnet',    '--  ok ok    ok  ok --  ok --    --    --  -- ', 'yyy..'],
  ['stateful-no-redirects',  '--  ok ok    ok  ok --  ok ok    ok    --  HNG', 'yyyy.'],
  ['stateful-redirects',     '1/2 ok ok    ok  ok 1/2 ok ok    ok    ok  ok ', 'yyyyy'],
  ['stateful-h-forwards',    '--  ok ok    ok  ok --  ok ok    ok    --  HNG', 'yyyy.'],
  ['stateful-hairpin',       'ok  ok ok    ok  ok ok  ok ok    ok    ok  ok ', 'yyyyy'],
  // the fabric's drop stands at the receiver, so the request is seen one place further on
  ['cloud-source-check',     '--  ok ok    --  ok --  ok --    --    --  -- ', 'yy.=y..'],
  ['cloud-dest-check',       '--  ok ok    --  ok --  ok --    --    --  -- ', 'yyyy.=y'],
  ['masquerade',             'ok  ok ok    ok  ok ok  ok NU    --=NU ok  --=ERR', 'yyyyy'],
  ['route-on-h',             'ok  ok ok    --  ok ok  ok ok    ok    ok  ok ', 'yyyyy'],
  ['h-without-gateway',      '--  ok ok    ok  ok --  ok NU    NU    --  ERR', 'yyy..'],
  ['h-dead-gateway',         '--  ok ok    ok  ok --  ok --=HU HU    --  ERR', 'yyy..'],
  ['h-multihomed',           '--  ok ok    ok  ok --  ok NU    --=NU --  ERR', 'yyy..'],
  ['gw-route-dead-next-hop', '--  ok ok    --  ok --  ok --=HU --=HU --  --=ERR', 'yyyy.'],
  ['client-lan-overlaps',    '--=HU ok --=HU ok ok ok ok ok    --    ERR -- ', '.....'],
  ['tun-down',               '--  -- --    HU=-- ok ok ok ok   --=11/0 -- --=ERR', '.....'],
]; // prettier-ignore

/** The cells of a row as they must be here. */
export const cellsOf = (cells: string): readonly string[] =>
  cells
    .trim()
    .split(/\s+/)
    .map((c) => c.split('=').at(-1)!);

/** The captures of a row as they must be here: `yyyy.`. */
export const capturesOf = (captures: string): string => captures.replace(/.=(.)/g, '$1');
