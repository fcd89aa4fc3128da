#!/usr/bin/python3
"""
Builds networks in real namespaces and probes them: one JSON object a line on standard input, one a line on standard
output. Nothing outlives this process.

  {"quiet": seconds, "networks": [SPEC, …]}  ->  {"networks": [{"facts": …, "refused": […], "probes": […]}, …]}

SPEC is described in test/conformance/spec.ts. With --self-test it checks itself and exits.
"""
import gc
import json
import os
import resource
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from kernel.build import BASE, begin, finish
from kernel.namespace import Home
from kernel.probe import Round


def answer(home, question):
    """Builds all networks of the question, probes them in one round, and takes them down."""
    begun, networks, round_ = time.monotonic(), [], None
    try:
        for spec in question["networks"]:
            networks.append((begin(home, spec), spec))
        for network, spec in networks:
            finish(network, spec)
        built = time.monotonic()
        round_ = Round(networks, question["quiet"])
        results, given, start = round_.run(), [], 0
        for network, spec in networks:
            count = len(spec["probes"])
            given.append({"facts": network.facts, "refused": network.refused, "probes": results[start:start + count]})
            start += count
        probed = time.monotonic()
    finally:
        if round_:
            round_.close()
        for network, _ in networks:
            network.close()
    return {"networks": given, "seconds": [built - begun, probed - built, time.monotonic() - probed]}


def main():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    home = Home()
    if "--self-test" in sys.argv:
        from kernel.self_test import self_test
        sys.exit(self_test(home, answer))
    gc.disable()
    print(json.dumps({"base": [[k, str(v)] for k, v in BASE]}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(home, json.loads(line)), separators=(",", ":")), flush=True)
        gc.collect()


if __name__ == "__main__":
    main()
