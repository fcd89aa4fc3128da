const set = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Blocks and settings outside of virtual servers, passed over: they send no packet anywhere. */
export const TOP: ReadonlySet<string> = set(
  `global_defs net_namespace net_namespace_ipvs namespace_with_ipsets instance use_pid_dir linkbeat_use_polling
  linkbeat_interfaces static_ipaddress static_routes static_rules static_track_group track_group vrrp_sync_group
  vrrp_instance vrrp_script vrrp_track_process vrrp_track_file track_file track_process bfd_instance garp_group SSL
  interface_up_down_delays include_check nftables random_seed child_wait_time notify_fifo notify_fifo_script
  vrrp_notify_fifo lvs_notify_fifo process_names process_priorities`,
);

/** What may stand in a virtual server and decides nothing for a packet while all checks pass. */
export const OF_VIRTUAL_SERVER: ReadonlySet<string> = set(
  `delay_loop delay_before_retry retry warmup connect_timeout flag-2 flag-3 sh-port mh-port mh-fallback persistence_engine persistence_granularity ha_suspend smtp_alert virtualhost snmp_name alpha omega quorum
  hysteresis quorum_up quorum_down sorry_server_inhibit inhibit_on_failure weight`,
);

/** The same in a real server. */
export const OF_REAL_SERVER: ReadonlySet<string> = set(
  `notify_up notify_down uthreshold lthreshold smtp_alert virtualhost snmp_name alpha connect_timeout retry
  delay_before_retry warmup delay_loop inhibit_on_failure`,
);

/** Checks: named only. */
export const CHECKS: ReadonlySet<string> = set(
  'HTTP_GET SSL_GET TCP_CHECK SMTP_CHECK DNS_CHECK MISC_CHECK BFD_CHECK UDP_CHECK PING_CHECK FILE_CHECK',
);

/** Checks that connect to a port. */
export const PORT_CHECKS: ReadonlySet<string> = set('HTTP_GET SSL_GET TCP_CHECK SMTP_CHECK UDP_CHECK');

/** Ways to pick a real server. */
export const SCHEDULERS: ReadonlySet<string> = set('rr wrr lc wlc lblc sh mh dh fo ovf lblcr sed nq twos');
