#!/usr/bin/env bash
# Tests with coverage: an HTML report in artifacts/coverage/index.html, and an exit code of 1 under 85 % of all lines
# or 90 % of FitTrack.Core (data and rules). Child processes (the AppHost of the system tests) are not counted.
set -euo pipefail
cd "$(dirname "$0")/.."
rm -rf artifacts/coverage
dotnet tool restore >/dev/null
dotnet test --collect "XPlat Code Coverage" --settings build/coverage.runsettings --results-directory artifacts/coverage/raw "$@"
dotnet reportgenerator "-reports:artifacts/coverage/raw/*/coverage.cobertura.xml" -targetdir:artifacts/coverage "-reporttypes:Html;TextSummary" -verbosity:Warning
cat artifacts/coverage/Summary.txt
awk '
  /^ *Line coverage:/ { overall = $3 + 0 }
  /^FitTrack.Core / { core = $2 + 0 }
  END {
    printf "overall %.1f %% (at least 85), data and rules %.1f %% (at least 90)\n", overall, core
    exit !(overall >= 85 && core >= 90)
  }' artifacts/coverage/Summary.txt
