import { Random } from '../random.ts';

const START = Date.UTC(2026, 10, 21);
const NAMES = ['admin', 'test', 'oracle', 'ubuntu', 'git', 'postgres', 'user', 'ftp', 'deploy', 'pi'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Lines of an auth.log of one day, always the same for a seed: logins, cron, sudo, and mostly attacks of a few hundred addresses. */
export function* sshLog(lines: number, seed: number): Generator<string> {
  const random = new Random(seed);
  let [count, pid] = [0, 1000];
  while (count < lines) {
    pid = pid >= 60_000 ? 1000 : pid + 1;
    for (const [program, text] of eventOf(random)) {
      if (count++ >= lines) return;
      const at = new Date(START + Math.floor(((count - 1) / lines) * 86_400_000));
      const clock = at.toISOString().slice(11, 19);
      yield `${MONTHS[at.getUTCMonth()]!} ${String(at.getUTCDate()).padStart(2)} ${clock} web ${program}[${pid}]: ${text}`;
    }
  }
}

type Said = readonly [program: string, text: string];

function eventOf(random: Random): readonly Said[] {
  const kind = random.int(0, 99);
  const address = random.chance(0.7) ? addressOf(random.int(0, 399)) : addressOf(400 + random.int(0, 5999));
  const port = 1024 + random.int(0, 59_999);
  const name = random.pick(NAMES);
  const sshd = (...texts: readonly string[]): readonly Said[] => texts.map((text) => ['sshd', text]);
  if (kind < 22)
    return [
      ...sshd(
        `Connection from ${address} port ${port} on 10.0.0.1 port 22`,
        `Accepted publickey for anna from ${address} port ${port} ssh2: ED25519 SHA256:abc`,
        'pam_unix(sshd:session): session opened for user anna(uid=1000) by (uid=0)',
        `Received disconnect from ${address} port ${port}:11: disconnected by user`,
        `Disconnected from user anna ${address} port ${port}`,
        'pam_unix(sshd:session): session closed for user anna',
      ),
    ];
  if (kind < 34) return [['CRON', 'pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)']];
  if (kind < 40) return [['sudo', 'anna : TTY=pts/0 ; PWD=/home/anna ; USER=root ; COMMAND=/usr/bin/apt update']];
  if (kind < 70)
    return sshd(
      `Invalid user ${name} from ${address} port ${port}`,
      'pam_unix(sshd:auth): check pass; user unknown',
      `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${address}`,
      `Failed password for invalid user ${name} from ${address} port ${port} ssh2`,
      `Received disconnect from ${address} port ${port}:11: Bye Bye [preauth]`,
      `Disconnected from invalid user ${name} ${address} port ${port} [preauth]`,
    );
  if (kind < 88)
    return sshd(
      `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${address}  user=root`,
      `Failed password for root from ${address} port ${port} ssh2`,
      `Connection closed by authenticating user root ${address} port ${port} [preauth]`,
    );
  if (kind < 95) return sshd(`Connection closed by ${address} port ${port} [preauth]`);
  return sshd(
    `Unable to negotiate with ${address} port ${port}: no matching key exchange method found. Their offer: diffie-hellman-group1-sha1 [preauth]`,
  );
}

const addressOf = (n: number): string =>
  n % 15 === 0 ? `2a00:1450::${n.toString(16)}:1` : `${5 + (n % 180)}.${n % 251}.${n >> 8}.${1 + (n % 200)}`;
