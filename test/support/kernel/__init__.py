"""Networks in real namespaces, built and probed by one process. Needs root (or CAP_SYS_ADMIN, CAP_NET_ADMIN, CAP_NET_RAW)."""
