#!/bin/sh
# Installs what the tests need, then runs them all. Without root or Debian it runs what it can and says what it left out.
set -eu
cd "$(dirname "$0")/.."
. scripts/packages.sh
install_packages
if [ ! -d node_modules/.bin ]; then npm ci --no-fund --no-audit --loglevel=error; fi
npm run --silent build
exec npx vitest run "$@"
