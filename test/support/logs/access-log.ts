import { Random } from '../random.ts';

const START = Date.UTC(2026, 10, 21);
const OCTETS = [5, 31, 46, 62, 77, 80, 84, 91, 93, 109, 178, 188, 217];
const PATHS = [
  '/',
  '/index.html',
  '/about',
  '/blog/',
  '/blog/post-',
  '/product/',
  '/cart',
  '/search?q=shoes+',
  '/static/app.js',
  '/static/app.css',
  '/img/',
  '/api/items?page=',
  '/favicon.ico',
];
const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'curl/8.5.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
];
const BAD_AGENTS = [
  'sqlmap/1.7',
  'Mozilla/5.0 zgrab/0.x',
  'Mozilla/5.00 (Nikto/2.5.0)',
  'python-requests/2.31',
  'Go-http-client/1.1',
  '-',
  ...AGENTS.slice(0, 3),
];
const PROBES = [
  '/wp-login.php',
  '/phpmyadmin/',
  '/.env',
  '/.git/config',
  '/xmlrpc.php',
  '/admin.php',
  '/backup.zip',
  '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php',
  '/cgi-bin/luci',
  '/actuator/health',
  '/boaform/admin/formLogin',
  '/solr/admin/info',
  '/old/',
  '/test.php',
  '/wp-content/plugins/x/readme.txt',
];
const ATTACKS = [
  '/../../../../etc/passwd',
  '/a?f=..%2f..%2fetc%2fpasswd',
  "/p?id=1'+or+'1'='1",
  '/p?id=1+union+select+1,2',
  '/s?q=%3Cscript%3Ealert(1)%3C/script%3E',
];

/** How much of the log others write. */
interface Shares {
  /** 0.07 when not said. */
  readonly abusive?: number;
  readonly seconds?: number;
}

/** Lines of nginx's combined log as a site has them, 7 of 100 by 400 who abuse it; the same for the same seed. */
export function* accessLog(
  count: number,
  seed: number,
  { abusive = 0.07, seconds = 86_400 }: Shares = {},
): Generator<string> {
  const random = new Random(seed);
  const visitors = Array.from({ length: 6000 }, () => addressOf(random, 0.88));
  const abusers = Array.from({ length: 400 }, () => addressOf(random, 0.93));
  for (let i = 0; i < count; i++) {
    const time = stamp(START + Math.floor((i * seconds * 1000) / count));
    const isBad = random.next() < abusive;
    yield isBad ? bad(random, skewed(random, abusers, 80), time) : good(random, skewed(random, visitors, 900), time);
  }
}

/** One of them, the first ones most often: their distance falls off exponentially. */
function skewed<T>(random: Random, of: readonly T[], mean: number): T {
  return of[Math.floor(-Math.log(1 - random.next()) * mean) % of.length]!;
}

function addressOf(random: Random, share4: number): string {
  if (random.next() < share4)
    return `${random.pick(OCTETS)}.${random.int(0, 255)}.${random.int(0, 255)}.${random.int(1, 254)}`;
  const hex = (): string => random.int(0, 65_534).toString(16);
  return `2a0${random.int(0, 7)}:${hex()}:${hex()}:${hex()}::${random.int(1, 9)}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A time as nginx writes it, in UTC. */
export function stamp(ms: number): string {
  const [date, time] = new Date(ms).toISOString().split('T');
  const [year, month, day] = date!.split('-');
  return `${day!}/${MONTHS[Number(month) - 1]!}/${year!}:${time!.slice(0, 8)} +0000`;
}

function good(random: Random, address: string, time: string): string {
  const path = random.pick(PATHS) + String(random.int(0, 499));
  const dice = random.next();
  const status =
    dice < 0.86 ? 200 : dice < 0.93 ? 304 : dice < 0.96 ? 301 : dice < 0.99 ? 404 : dice < 0.995 ? 500 : 403;
  const referer = random.next() < 0.4 ? '-' : `https://shop.example/${random.int(0, 99)}`;
  return `${address} - - [${time}] "GET ${path} HTTP/1.1" ${status} ${random.int(0, 49_999)} "${referer}" "${random.pick(AGENTS)}"`;
}

function bad(random: Random, address: string, time: string): string {
  const dice = random.next();
  const size = random.int(0, 1999);
  const end = `"-" "${random.pick(BAD_AGENTS)}"`;
  if (dice < 0.5) return `${address} - - [${time}] "GET ${random.pick(PROBES)} HTTP/1.1" 404 ${size} ${end}`;
  if (dice < 0.7) return `${address} - - [${time}] "POST /wp-login.php HTTP/1.1" 200 ${size} ${end}`;
  if (dice < 0.85) return `${address} - admin [${time}] "GET /admin/ HTTP/1.1" 401 ${size} ${end}`;
  if (dice < 0.95) return `${address} - - [${time}] "GET ${random.pick(ATTACKS)} HTTP/1.1" 404 ${size} ${end}`;
  return `${address} - - [${time}] "\\x16\\x03\\x01\\x02\\x00\\x01" 400 157 "-" "-"`;
}
