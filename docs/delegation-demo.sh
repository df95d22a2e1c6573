#!/usr/bin/env bash
# The whole picture Client – Proxy – CA as processes of their own, by curl alone: a StarPortal as the proxy of a domain owner, another StarPortal as a CA that
# has STAR (RFC 8739), Debian's pebble as a CA that has not; a consumer at each; and then cancel. Everything is in a new folder, and ends with this script.
#
#   docs/delegation-demo.sh [FOLDER]
#
# Needs a built portal, curl, openssl, and Debian's package pebble. STARPORTAL is the program's command.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${STARPORTAL:=dotnet $here/../StarPortal.Web/bin/Release/net10.0/starportal.dll}"
: "${PROXY_PORT:=8443}" "${PROXY_HTTP_PORT:=8080}" "${CA_PORT:=9443}" "${CA_HTTP_PORT:=9080}" "${PEBBLE_PORT:=14000}" "${PEBBLE_MANAGEMENT_PORT:=15000}" "${DNS_PORT:=8053}" "${DNS_MANAGEMENT_PORT:=8055}"
dir=${1:-$(mktemp -d)}; mkdir -p "$dir"; cd "$dir"
pids=(); trap 'kill "${pids[@]}" 2>/dev/null || true; wait' EXIT
name=www.example.org

say() { printf '\n== %s\n' "$*"; }
start() { "${@:2}" >"$1.log" 2>&1 & pids+=($!); }
until_ready() { for _ in $(seq 600); do if curl -fsk -o /dev/null "$1"; then return; fi; sleep 0.1; done; echo "$1 does not answer" >&2; exit 1; }
says() { for _ in $(seq 100); do if curl -sS "${@:2}" | grep "$1"; then echo; return; fi; sleep 0.2; done; echo "${*: -1} does not say $1" >&2; exit 1; }
verify() { openssl verify -purpose sslserver -verify_hostname "$name" -partial_chain -CAfile "$1" -untrusted "$2" "$2"; }

say "a CA with STAR: another StarPortal, which needs no challenge below example.org"
start ca $STARPORTAL --Portal:DataDirectory "$dir/ca" --Portal:HttpsPort "$CA_PORT" --Portal:HttpPort "$CA_HTTP_PORT" --Star:LookupPort 0 --MyProxy:Port 0 \
  --Acme:Namespaces:0:Suffix example.org --Acme:Namespaces:0:Challenge waived --Acme:AllowWaivedNamespaces true

say "a CA without: pebble, whose validation looks every name up at pebble-challtestsrv and asks the proxy's plain HTTP port"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE -keyout pebble.key -out pebble.pem 2>openssl.log
cat >pebble.json <<END
{"pebble": {"listenAddress": "127.0.0.1:$PEBBLE_PORT", "managementListenAddress": "127.0.0.1:$PEBBLE_MANAGEMENT_PORT", "certificate": "$dir/pebble.pem",
  "privateKey": "$dir/pebble.key", "httpPort": $PROXY_HTTP_PORT, "tlsPort": 1, "ocspResponderURL": "", "externalAccountBindingRequired": false, "certificateValidityPeriod": 7776000}}
END
start challtestsrv pebble-challtestsrv -dns01 "127.0.0.1:$DNS_PORT" -management "127.0.0.1:$DNS_MANAGEMENT_PORT" -defaultIPv6 "" -http01 "" -https01 "" -tlsalpn01 ""
start pebble env PEBBLE_VA_NOSLEEP=1 pebble -config pebble.json -dnsserver "127.0.0.1:$DNS_PORT"
until_ready "https://localhost:$CA_PORT/readyz"
until_ready "https://localhost:$PEBBLE_PORT/dir"

say "the proxy of the owner of $name"
proxy=(--demo --Portal:DataDirectory "$dir/proxy" --Portal:HttpsPort "$PROXY_PORT" --Portal:HttpPort "$PROXY_HTTP_PORT" --Star:LookupPort 0 --MyProxy:Port 0
  --Delegation:Upstreams:partner:Directory "https://localhost:$CA_PORT/acme/directory" --Delegation:Upstreams:partner:RootsFile "$dir/ca/pki/root.pem"
  --Delegation:Upstreams:pebble:Directory "https://localhost:$PEBBLE_PORT/dir" --Delegation:Upstreams:pebble:RootsFile "$dir/pebble.pem")
start proxy $STARPORTAL "${proxy[@]}"
until_ready "https://localhost:$PROXY_PORT/readyz"

say "the owner delegates the name to two CDNs, each by another CA"
$STARPORTAL delegation create --owner owner --consumer "Edge One" --names "$name" --upstream partner --lifetime 365 --approve-names "${proxy[@]}" >one.credential
$STARPORTAL delegation create --owner owner --consumer "Edge Two" --names "$name" --upstream pebble --lifetime 365 "${proxy[@]}" >two.credential

export PORTAL=https://localhost:$PROXY_PORT CACERT=$dir/proxy/pki/root.pem
for cdn in one two; do
  export CREDENTIAL=$dir/$cdn.credential
  say "CDN $cdn registers a key of its own, and fetches its certificate"
  "$here/delegation.sh" register "$name" "$cdn.key" 365 24 | tee "$cdn.completion"
  "$here/delegation.sh" wait "$(cat "$cdn.completion")" | tee "$cdn.url"
  "$here/delegation.sh" show "$(cat "$cdn.completion")"
done
CACERT=$dir/ca/pki/root.pem "$here/delegation.sh" fetch "$(cat one.url)" one.pem
"$here/delegation.sh" fetch "$(cat two.url)" two.pem
curl -sSk -o pebble-root.pem "https://localhost:$PEBBLE_MANAGEMENT_PORT/roots/0"
verify ca/pki/root.pem one.pem
verify pebble-root.pem two.pem

say "the owner cancels the one, and the other goes on; then the other"
$STARPORTAL delegation cancel "$(cat one.completion)" --owner owner "${proxy[@]}"
says autoRenewalCanceled --cacert ca/pki/root.pem "$(cat one.url)"
"$here/delegation.sh" fetch "$(cat two.url)" two-again.pem
cmp two.pem two-again.pem
$STARPORTAL delegation cancel "$(cat two.completion)" --owner owner "${proxy[@]}"
says autoRenewalCanceled --cacert proxy/pki/root.pem "$(cat two.url)"
serial=$(openssl x509 -in two.pem -noout -serial | cut -d= -f2)
says Revoked -k "https://localhost:$PEBBLE_MANAGEMENT_PORT/cert-status-by-serial/$serial"
say "done"
