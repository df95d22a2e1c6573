#!/usr/bin/env bash
# The consumer's side of POST /star/registration with nothing but curl and openssl: to be read as much as to be run. docs/delegation.md shows what it prints.
#
#   delegation.sh register NAME KEY [DAYS [HOURS]]   registers a request for NAME: certificates of HOURS (24), for DAYS (365). KEY is the file of the
#                                                    certificate's key (made when missing). Prints the completion URL
#   delegation.sh show COMPLETION-URL                the registration
#   delegation.sh wait COMPLETION-URL                asks until it is decided, as slowly as the portal wants. Prints the certificate's URL
#   delegation.sh fetch CERTIFICATE-URL FILE         the certificate as it is now: the credential is not needed
#
# PORTAL is the owner's portal, CACERT its root, CREDENTIAL the file that holds consumer-id:token.
set -euo pipefail
: "${PORTAL:=https://localhost:8443}" "${CACERT:=var/pki/root.pem}" "${CREDENTIAL:=cdn.credential}"
headers=$(mktemp); trap 'rm -f "$headers"' EXIT

of() { tr -d '\n' | grep -o "\"$1\": *\"[^\"]*\"" | head -1 | cut -d'"' -f4; }
header() { tr -d '\r' <"$headers" | sed -n "s/^$1: //Ip" | tail -1; }

# The credential stays out of the list of processes.
as_consumer() { curl -sS --cacert "$CACERT" -D "$headers" --config <(printf 'user = "%s"\n' "$(cat "$CREDENTIAL")") "$@"; echo; }

# A request as the template "web-ecdsa" wants it: no subject, P-256, digitalSignature, serverAuth.
request() {
  [ -s "$2" ] || openssl ecparam -name prime256v1 -genkey -noout -out "$2"
  openssl req -new -key "$2" -subj / -addext "subjectAltName=DNS:$1" -addext keyUsage=digitalSignature -addext extendedKeyUsage=serverAuth
}

register() {
  local csr; csr=$(request "$1" "$2" | awk '{printf "%s\\n", $0}')
  as_consumer -X POST -H 'Content-Type: application/json' -H "Idempotency-Key: $(openssl pkey -in "$2" -pubout -outform DER | openssl sha256 -r | cut -d' ' -f1)" \
    -d "{\"csr\":\"$csr\",\"lifetime\":${3:-365},\"validity\":${4:-24}}" "$PORTAL/star/registration" >&2
  header location | grep .
}

wait_for() {
  local answer
  while answer=$(as_consumer "$1"); [ "$(of status <<<"$answer")" = pending ]; do sleep "$(header retry-after)"; done
  of certificates <<<"$answer" || { printf '%s\n' "$answer" >&2; exit 1; }
}

case "${1:-}" in
  register) register "${@:2}" ;;
  show) as_consumer "$2" ;;
  wait) wait_for "$2" ;;
  fetch) curl -fsS --cacert "$CACERT" -o "$3" "$2" ;;
  *) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
