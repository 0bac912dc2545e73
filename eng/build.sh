#!/usr/bin/env bash
# Builds a project unless its last build is newer than every source file.
#   eng/build.sh PROJECT      for example src/Pdm6.Cli
# All output goes to standard error: standard output belongs to the verb.
set -euo pipefail

cd "$(dirname "$0")/.."
project=$1
stamp=$project/obj/built-release

if [ -e "$stamp" ] && [ -z "$(find src bpf bench Directory.*.props .editorconfig \
    \( -name bin -o -name obj \) -prune -o -type f -newer "$stamp" -print -quit 2>/dev/null)" ]; then
    exit 0
fi
if ! command -v dotnet >/dev/null 2>&1; then
    echo "pdm6: the .NET 10 SDK is missing; install it, then run this again" >&2
    exit 2
fi
echo "pdm6: building $project ..." >&2
mkdir -p "$project/obj"
started=$(mktemp)
dotnet build "$project" -c Release -nologo -v quiet -clp:ErrorsOnly >&2
mv "$started" "$stamp"
