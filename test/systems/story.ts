/**
 * The blog's office with one of these systems as its router: the VPN connects, and the router does not know 10.8.0.0/24.
 * `router` is what stands below it.
 */
export const story = (
  router: string,
): string => `networks: { office: 10.5.5.0/24, home: 192.168.1.0/24, internet: internet }
hosts:
  router: ${router}
  vpn-server:
    on: { office: 10.5.5.5 }
    forwards: true
    routes: [default via 10.5.5.1]
    filter: none
    openvpn: |
      dev tun
      topology subnet
      server 10.8.0.0 255.255.255.0
      push "route 10.5.5.0 255.255.255.0"
  linux-server: { on: { office: 10.5.5.20 }, routes: [default via 10.5.5.1], filter: none }
  laptop:
    on: { home: 192.168.1.10 }
    routes: [default via 192.168.1.1]
    filter: none
    openvpn: |
      client
      dev tun
      remote 203.0.113.1
  home-router:
    { on: { home: 192.168.1.1, internet: 198.51.100.7 }, forwards: true, routes: [default via 198.51.100.1], filter: none }
`;
