#!/bin/sh
# Installs, builds and explains a real example: the office whose VPN connects and whose ping times out.
set -eu
cd "$(dirname "$0")/.."
if [ ! -d node_modules/.bin ]; then npm ci --no-fund --no-audit --loglevel=error; fi
npm run --silent build
network=examples/office/network.yaml
picture=office.svg
echo "\$ waymark explain laptop linux-server -n $network"
bin/waymark explain laptop linux-server -n $network || [ $? = 1 ]
echo
bin/waymark draw laptop linux-server -n $network -o $picture
echo "Open $picture in a browser. Your own network: bin/waymark collect --help"
