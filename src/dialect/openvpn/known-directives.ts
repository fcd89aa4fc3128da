const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Directives of OpenVPN 2.4 to 2.7 that decide nothing about where packets inside the tunnel go (openvpn(8)). */
export const HARMLESS: ReadonlySet<string> = words(`
  allow-compression allow-deprecated-insecure-static-crypto allow-pull-fqdn allow-recursive-routing askpass auth
  auth-gen-token auth-gen-token-secret auth-nocache auth-retry auth-token auth-token-user auth-user-pass
  auth-user-pass-optional auth-user-pass-verify bcast-buffers bind block-outside-dns ca capath ccd-exclusive cd cert
  chroot cipher client-cert-not-required client-crresponse client-disconnect comp-lzo comp-noadapt compat-mode compress
  connect-freq connect-freq-initial connect-retry connect-retry-max connect-timeout crl-verify daemon data-ciphers
  data-ciphers-fallback dev-node dh dhcp-option dhcp-release dhcp-renew disable-occ dns down down-pre duplicate-cn
  ecdh-curve echo engine errors-to-stderr explicit-exit-notify extra-certs fast-io float fragment genkey group hand-window
  hash-size help http-proxy-option http-proxy-timeout http-proxy-user-pass iproute ifconfig-ipv6-pool ifconfig-noexec
  ifconfig-nowarn ifconfig-pool ifconfig-pool-persist ignore-unknown-option inactive ip-win32 ipchange
  keepalive key key-direction key-method keying-material-exporter keysize link-mtu lladdr local log log-append
  machine-readable-output management-client management-client-auth management-client-group
  management-client-user management-external-cert management-external-key management-forget-disconnect management-hold
  management-log-cache management-query-passwords management-query-proxy management-query-remote management-signal
  management-up-down max-clients max-packet-size max-routes max-routes-per-client memstats mlock mssfix mtu-disc
  mtu-dynamic mtu-test multihome mute mute-replay-warnings ncp-ciphers ncp-disable nice no-iv no-name-remapping no-replay
  nobind ns-cert-type opt-verify passtos peer-fingerprint persist-key persist-local-ip persist-remote-ip persist-tun
  ping ping-exit ping-restart ping-timer-rem pkcs11-cert-private pkcs11-id pkcs11-id-management pkcs11-pin-cache
  pkcs11-private-mode pkcs11-protected-authentication pkcs11-providers pkcs12 port-share preresolve prng
  proto-force providers push-peer-info rcvbuf register-dns remap-usr1 remote-cert-eku remote-cert-ku
  remote-cert-tls remote-random remote-random-hostname reneg-bytes reneg-pkts reneg-sec replay-persist replay-window
  resolv-retry route-delay route-gateway route-ipv6-gateway route-method route-pre-down script-security secret server-poll-timeout
  session-timeout setcon setenv setenv-safe shaper show-net-up single-session sndbuf socket-flags socks-proxy-retry
  stale-routes-check static-challenge status-version suppress-timestamps syslog tap-sleep tcp-nodelay
  tcp-queue-limit test-crypto tls-auth tls-cert-profile tls-cipher tls-ciphersuites tls-crypt tls-crypt-v2
  tls-crypt-v2-max-age tls-crypt-v2-verify tls-exit tls-export-cert tls-groups tls-remote tls-timeout tls-verify
  tls-version-max tls-version-min tmp-dir tran-window tun-ipv6 tun-mtu tun-mtu-extra tun-mtu-max
  txqueuelen udp-mtu up-delay up-restart use-prediction-resistance user username-as-common-name verb verify-client-cert
  verify-hash verify-x509-name version vlan-accept windows-driver win-sys writepid x509-track x509-username-field
`);

/** Directives that can change where packets go, in ways that are not followed here, with what they do. */
export const NOT_MODELLED: Readonly<Record<string, string>> = {
  'server-bridge': 'a bridged (layer 2) server is not modelled',
  'vlan-tagging': 'VLANs inside the tunnel are not modelled',
  'vlan-pvid': 'VLANs inside the tunnel are not modelled',
  plugin: 'a plug-in may add routes and networks behind clients',
  'client-connect': 'a script may add routes and networks behind clients when a client connects',
  'learn-address': 'a script may change routes when an address is learned',
  up: 'a script may change addresses and routes when the tunnel comes up',
  'route-up': 'a script may change routes when the tunnel comes up',
  'client-nat': 'address translation inside OpenVPN is not modelled',
  'http-proxy': 'the tunnel itself goes through a proxy',
  'socks-proxy': 'the tunnel itself goes through a proxy',
  'bind-dev': 'the tunnel itself is bound to a device',
  mark: 'the tunnel itself carries a firewall mark',
  'block-ipv6': 'IPv6 packets into the tunnel are refused',
  'pull-filter': 'some of what the server pushes is refused',
  'route-noexec': 'OpenVPN leaves the routes to a script',
  'push-reset': 'what the server would push by itself is left out',
};

/** Of those, the scripts whose work is seen in the kernel's own tables afterwards. */
export const SCRIPTS: ReadonlySet<string> = new Set(['up', 'route-up', 'learn-address', 'route-noexec']);
