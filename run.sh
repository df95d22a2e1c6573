#!/usr/bin/env bash
# Builds the portal and runs it with its demo: personas, an inbox and a clock. Needs the .NET 10 SDK and nothing else.
# Arguments are passed on, for example: ./run.sh --Portal:HttpsPort 9443     (see docs/operating.md for a portal without the demo)
set -euo pipefail
cd "$(dirname "$0")"
dotnet build StarPortal.Web -c Release -v quiet -nologo -clp:ErrorsOnly
exec dotnet StarPortal.Web/bin/Release/net10.0/starportal.dll --demo "$@"
