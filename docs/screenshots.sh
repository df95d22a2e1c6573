#!/usr/bin/env bash
# Takes the README's pictures anew: runs the main job in a browser and writes docs/images/*.png. Needs what test.sh installs.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p docs/images
STARPORTAL_SCREENSHOTS="$PWD/docs/images" dotnet test StarPortal.Tests -c Release --nologo --filter "FullyQualifiedName~ScreenshotTests"
