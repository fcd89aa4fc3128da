import type { Detector, Sentence } from './detector.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WEEK = 7 * 24 * HOUR;

const SHORT: Sentence = { first: 10 * MINUTE, factor: 4, longest: WEEK };
const LONG: Sentence = { first: HOUR, factor: 4, longest: WEEK };

/** What scanners ask for and no visitor does: what should never be served, and ways into programs. */
const PROBED = [
  ...[
    '.env',
    '.git',
    '.svn',
    '.hg',
    '.aws',
    '.ssh',
    '.htpasswd',
    '.ds_store',
    '.vscode',
    'wp-config.php',
    'wp-config.php.bak',
  ],
  ...[
    'phpmyadmin',
    'pma',
    'myadmin',
    'adminer.php',
    'phpinfo.php',
    'info.php',
    'server-status',
    'config.json',
    'backup.sql',
    'dump.sql',
  ],
  ...[
    'vendor/phpunit',
    'cgi-bin',
    'boaform',
    'hnap1',
    'gponform',
    'solr/admin',
    'actuator',
    '_ignition',
    'telescope',
    'manager/html',
  ],
  ...[
    'xmlrpc.php',
    'shell.php',
    'c99.php',
    'eval-stdin.php',
    'owa/auth',
    'autodiscover',
    'remote/login',
    'dana-na',
    'geoserver',
    'console',
  ],
];

/** Programs that look for holes, by the names that they give themselves. */
const SCANNERS = [
  ...[
    'sqlmap',
    'nikto',
    'zgrab',
    'masscan',
    'nmap',
    'nuclei',
    'dirbuster',
    'gobuster',
    'wpscan',
    'acunetix',
    'nessus',
    'openvas',
  ],
  ...[
    'feroxbuster',
    'dirb/',
    'ffuf',
    'fuzz faster',
    'havij',
    'w3af',
    'arachni',
    'jorgee',
    'morfeus',
    'zmeu',
    'l9explore',
    'masscan-ng',
  ],
];

const request = ['request'] as const;

/** The detectors for web servers. Each has a page in docs/detectors/. */
export const WEB_DETECTORS: readonly Detector[] = [
  {
    name: 'many-missing',
    reason: 'Too many requests for pages that do not exist',
    counts: { happenings: request, statuses: [404, 410] },
    per: 'visitor',
    measure: { kind: 'window', most: 20, windowMs: MINUTE, distinct: 'path' },
    sentence: SHORT,
  },
  {
    name: 'web-login',
    reason: 'Too many attempts to log in',
    counts: {
      happenings: request,
      methods: ['POST'],
      paths: [
        'wp-login.php',
        'xmlrpc.php',
        'login',
        'signin',
        'login.php',
        'user/login',
        'admin/login',
        'administrator',
        'auth',
      ],
    },
    per: 'visitor',
    measure: { kind: 'window', most: 10, windowMs: 5 * MINUTE },
    sentence: LONG,
  },
  {
    name: 'web-password',
    reason: 'Too many wrong passwords',
    counts: { happenings: request, statuses: [401, 407] },
    per: 'visitor',
    measure: { kind: 'window', most: 15, windowMs: 10 * MINUTE },
    sentence: LONG,
  },
  {
    name: 'probed-paths',
    reason: 'Requests for files that only a search for security holes asks for',
    counts: { happenings: request, paths: PROBED },
    per: 'visitor',
    measure: { kind: 'window', most: 3, windowMs: 10 * MINUTE, distinct: 'path' },
    sentence: LONG,
  },
  {
    name: 'attack-words',
    reason: 'Requests that try to break into the site',
    counts: { happenings: request, attacks: true },
    per: 'visitor',
    measure: { kind: 'window', most: 2, windowMs: 10 * MINUTE },
    sentence: LONG,
  },
  {
    name: 'scanners',
    reason: 'A program that looks for security holes',
    counts: { happenings: request, agents: SCANNERS },
    per: 'visitor',
    measure: { kind: 'window', most: 2, windowMs: 10 * MINUTE },
    sentence: LONG,
  },
  {
    name: 'flood',
    reason: 'Too many requests in a short time',
    counts: { happenings: request },
    per: 'visitor',
    measure: { kind: 'bucket', most: 600, perSecond: 20 },
    sentence: SHORT,
  },
  {
    name: 'network-probes',
    reason: 'Many computers of your network look for security holes',
    counts: { happenings: request, paths: PROBED },
    per: 'network',
    measure: { kind: 'window', most: 60, windowMs: 10 * MINUTE },
    sentence: SHORT,
  },
  {
    name: 'proxy-attempts',
    reason: 'Attempts to reach other sites through this one',
    counts: { happenings: request, proxying: true },
    per: 'visitor',
    measure: { kind: 'window', most: 3, windowMs: 10 * MINUTE },
    sentence: LONG,
  },
];

/** The detectors for OpenSSH's server. Each has a page in docs/detectors/. */
export const SSHD_DETECTORS: readonly Detector[] = [
  {
    name: 'ssh-passwords',
    reason: 'Too many failed logins by SSH',
    counts: { happenings: ['ssh-failure'] },
    per: 'visitor',
    measure: { kind: 'window', most: 6, windowMs: 10 * MINUTE },
    sentence: LONG,
  },
  {
    name: 'ssh-no-login',
    reason: 'Too many connections by SSH without a login',
    counts: { happenings: ['ssh-no-login'] },
    per: 'visitor',
    measure: { kind: 'window', most: 12, windowMs: 10 * MINUTE },
    sentence: LONG,
  },
  {
    name: 'ssh-names',
    reason: 'Logins by SSH with names that do not exist',
    counts: { happenings: ['ssh-unknown-user', 'ssh-failure'] },
    per: 'visitor',
    measure: { kind: 'window', most: 4, windowMs: 30 * MINUTE, distinct: 'user' },
    sentence: LONG,
  },
];

/** The detectors for mail servers. Each has a page in docs/detectors/. */
const MAIL_DETECTORS: readonly Detector[] = [
  {
    name: 'mail-passwords',
    reason: 'Too many wrong passwords for mail',
    counts: { happenings: ['mail-failure'] },
    per: 'visitor',
    measure: { kind: 'window', most: 8, windowMs: 10 * MINUTE },
    sentence: LONG,
  },
  {
    name: 'mail-names',
    reason: 'Mail for many people who do not exist',
    counts: { happenings: ['mail-unknown-user'] },
    per: 'visitor',
    measure: { kind: 'window', most: 8, windowMs: 30 * MINUTE, distinct: 'user' },
    sentence: LONG,
  },
  {
    name: 'mail-relay',
    reason: 'Attempts to send mail to others through this server',
    counts: { happenings: ['mail-relay'] },
    per: 'visitor',
    measure: { kind: 'window', most: 3, windowMs: 10 * MINUTE },
    sentence: LONG,
  },
];

/** What counts a whole network, for logins of every kind. */
const NETWORK_DETECTORS: readonly Detector[] = [
  {
    name: 'network-logins',
    reason: 'Many computers of your network guess passwords',
    counts: { happenings: ['ssh-failure', 'ssh-unknown-user', 'mail-failure'] },
    per: 'network',
    measure: { kind: 'window', most: 40, windowMs: 30 * MINUTE },
    sentence: SHORT,
  },
];

/** All detectors that are shipped. */
export const SHIPPED_DETECTORS: readonly Detector[] = [
  ...WEB_DETECTORS,
  ...SSHD_DETECTORS,
  ...MAIL_DETECTORS,
  ...NETWORK_DETECTORS,
];
