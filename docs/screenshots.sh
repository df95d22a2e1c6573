#!/usr/bin/env bash
# Takes the pictures of the README and of the guides anew: runs their stories in a browser and writes docs/images/*.png. Needs what test.sh installs.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p docs/images
STARPORTAL_SCREENSHOTS="$PWD/docs/images" dotnet test StarPortal.Tests -c Release --nologo --filter "FullyQualifiedName~ScreenshotTests"
