/** Every diagnostic code there is. Each has a row in docs/diagnostics.md; a test compares the two. */
export const DIAGNOSTIC_CODES = [
  // values
  'address-invalid',
  'address-octal',
  'address-short',
  'prefix-invalid',
  'prefix-host-bits',
  'port-invalid',
  'mark-invalid',
  // any line of any input
  'line-unknown',
  'line-not-modelled',
  'line-limited',
  'value-invalid',
  'json-invalid',
  'input-cut-off',
  'input-too-large',
  'input-unrecognised',
  // bundles and network files
  'bundle-version',
  'command-failed',
  'fact-unreadable',
  'yaml-invalid',
  'key-unknown',
  'key-missing',
  'file-missing',
  'name-unknown',
  'name-duplicate',
  'expectation-invalid',
  // linking
  'address-duplicate',
  'mask-mismatch',
  'network-overlap',
  'gateway-off-link',
  'link-ambiguous',
  'tunnel-unmatched',
  // OpenVPN
  'netmask-missing',
  'iroute-not-active',
  'openvpn-not-running',
  // WireGuard
  'allowed-ip-moved',
  // Keepalived
  'keepalived-ignores',
  'server-out',
  // rulesets
  'chain-missing',
  'chain-cycle',
  'set-missing',
  // command line
  'usage',
  'host-unknown',
  'component-missing',
  'privilege-missing',
  'command-timeout',
  'output-exists',
  // the page of the courteous block
  'placeholder-unknown',
  'placeholder-misplaced',
  'certificate-unusable',
  'port-taken',
  'port-contested',
  'page-filtered',
  'page-failed',
  // the lab
  'lab-limit',
  'lab-failed',
  'lab-exists',
  'lab-missing',
  // blocking
  'never-blocked',
  'name-unresolved',
  'rules-differ',
  'mark-taken',
  'mark-shared',
  'keepalived-not-running',
  'page-gone',
  'behind-proxy',
  'setting-unused',
  'store-busy',
  'journal-damaged',
  // changing routes
  'route-exists',
  'route-missing',
  'route-dangerous',
  'table-differs',
  'changed-since',
  'change-unknown',
  'change-open',
  'keeper-unclear',
  'keeper-cannot',
  'keeper-refuses',
  // whom to block
  'zone-ignored',
  'address-single',
  'duration-invalid',
  'prefix-too-wide',
  'entry-left-out',
  // patterns of others
  'pattern-slow',
] as const;

/** A diagnostic's code. */
export type DiagnosticCode = (typeof DIAGNOSTIC_CODES)[number];
