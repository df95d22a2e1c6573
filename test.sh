#!/usr/bin/env bash
# Installs what the tests need, starts a PostgreSQL server of its own, builds, and runs all tests.
# Last line: "N passed, N failed". Exit code 0 only when something ran, nothing failed and nothing was skipped.
# Arguments go to `dotnet test`, for example: ./test.sh --filter "Category=Unit"
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

install_missing() {
  local missing=()
  command -v chromium >/dev/null || missing+=(chromium)
  command -v openssl >/dev/null || missing+=(openssl)
  command -v certtool >/dev/null || missing+=(gnutls-bin)
  command -v certutil >/dev/null || missing+=(libnss3-tools)
  compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || missing+=(postgresql)
  command -v certbot >/dev/null || missing+=(certbot)
  command -v lego >/dev/null || missing+=(lego)
  [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
  command -v pebble-challtestsrv >/dev/null || missing+=(pebble)
  [ -x /usr/sbin/named ] || missing+=(bind9)
  command -v myproxy-logon >/dev/null || missing+=(myproxy)
  [ -x /usr/sbin/myproxy-server ] || missing+=(myproxy-server)
  [ -x /usr/sbin/myproxy-test ] || missing+=(myproxy-admin)
  command -v grid-proxy-init >/dev/null || missing+=(globus-proxy-utils)
  command -v grid-cert-info >/dev/null || missing+=(globus-gsi-cert-utils-progs)
  [ -x /usr/lib/dovecot/dovecot-lda ] || missing+=(dovecot-core)
  [ -x /usr/lib/dovecot/imap ] || missing+=(dovecot-imapd)
  command -v mbsync >/dev/null || missing+=(isync)
  /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || missing+=(python3-aiosmtpd)
  [ ${#missing[@]} -eq 0 ] && return
  echo "Installing: ${missing[*]}"
  local sudo=(); [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# PostgreSQL refuses to run as root: then it runs as the account that its package makes.
as_postgres() { if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

start_postgres() {
  local bin; bin=$(dirname "$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -1)")
  postgres_dir=$(mktemp -d "${TMPDIR:-/tmp}/starportal-postgres.XXXXXX")
  [ "$(id -u)" -ne 0 ] || chown postgres "$postgres_dir"
  local port; port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  (cd "$postgres_dir" && as_postgres "$bin/initdb" -D "$postgres_dir/data" -U starportal -A trust -E UTF8 --locale=C --no-sync >/dev/null)
  postgres_ctl=("$bin/pg_ctl" -D "$postgres_dir/data" -w)
  (cd "$postgres_dir" && as_postgres "${postgres_ctl[@]}" -l "$postgres_dir/log" \
    -o "-h 127.0.0.1 -p $port -k $postgres_dir -c fsync=off -c full_page_writes=off -c max_connections=300" start >/dev/null)
  export STARPORTAL_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=starportal;Database=postgres"
}

cleanup() {
  [ -z "${postgres_ctl:-}" ] || (cd / && as_postgres "${postgres_ctl[@]}" -m immediate stop >/dev/null 2>&1) || true
  [ -z "${postgres_dir:-}" ] || rm -rf "$postgres_dir"
  rm -rf "$results"
}

results=$(mktemp -d)
trap cleanup EXIT
install_missing
start_postgres
dotnet build StarPortal.sln -c Release -v quiet -nologo -clp:ErrorsOnly

# Every test on SQLite (those that name PostgreSQL on both), then the tests of the services once more with PostgreSQL under all of them.
# A test that hangs is named and ends its run: no test takes ten minutes.
status=0
run() { dotnet test StarPortal.Tests -c Release --no-build --nologo --logger "trx;LogFilePrefix=$1" --logger "console;verbosity=normal" --blame-hang-timeout 10m --blame-hang-dump-type none --results-directory "$results" "${@:2}" || status=$?; }
run sqlite "$@"
[ $# -gt 0 ] || STARPORTAL_TEST_DATABASE=PostgreSql run postgresql --filter "Category=Unit"

# Each failure once more with the head of its message: of a long run only the end may be kept.
show_failures() {
  /usr/bin/python3 - "$results" <<'PYTHON'
import glob, sys, xml.etree.ElementTree as xml
for path in glob.glob(f"{sys.argv[1]}/*.trx"):
    for result in xml.parse(path).getroot().findall(".//{*}UnitTestResult"):
        if result.get("outcome") != "Failed": continue
        message = result.findtext(".//{*}Message") or ""
        print(f"Failed: {result.get('testName')}", *message.strip().splitlines()[:12], sep="\n    ")
PYTHON
}

# Sums an attribute of the result files' <Counters …/>.
count() { cat "$results"/*.trx 2>/dev/null | { grep -o "<Counters [^>]*" || true; } | { grep -o " $1=\"[0-9]*\"" || true; } | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'; }
passed=$(count passed); failed=$(($(count failed) + $(count error) + $(count timeout) + $(count aborted)))
skipped=$(($(count total) - passed - failed))
if [ "$skipped" -ne 0 ]; then
  echo "Skipped:"; grep -ho '<UnitTestResult [^>]*outcome="NotExecuted"' "$results"/*.trx | grep -o 'testName="[^"]*"' || true
  failed=$((failed + skipped))
fi
show_failures || true
[ "$status" -eq 0 ] || [ "$failed" -ne 0 ] || failed=1
echo "$passed passed, $failed failed"
[ "$passed" -gt 0 ] && [ "$failed" -eq 0 ]
