#!/usr/bin/env bash
# Fetches the packages that the lock file names into node_modules, unless they are there. Prints nothing if that goes well.
set -euo pipefail

cd "$(dirname "$(readlink -f "$0")")"
stamp=node_modules/.installed-lock
cmp -s package-lock.json "$stamp" && exit 0
if ! command -v npm >/dev/null 2>&1; then
    echo "pdm6: npm is missing: run eng/install.sh test" >&2
    exit 2
fi
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
cp package-lock.json "$stamp"
