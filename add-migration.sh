#!/usr/bin/env bash
# Adds a migration of the given name for each database provider. Usage: ./add-migration.sh AddSomething
set -euo pipefail
cd "$(dirname "$0")"
name=${1:?Usage: ./add-migration.sh NAME}
dotnet tool restore
dotnet build StarPortal.Web -v quiet -nologo
for provider in Sqlite PostgreSql SqlServer; do
  dotnet ef migrations add "$name" --no-build --project StarPortal.Core --startup-project StarPortal.Web \
    --context "${provider}PortalDbContext" --output-dir "Data/Migrations/$provider"
done
