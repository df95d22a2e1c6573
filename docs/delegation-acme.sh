#!/usr/bin/env bash
# RFC 9115 as a consumer (NDC) speaks it, with nothing but curl and openssl: to be read as much as to be run. docs/delegation.md shows what it prints.
#
#   delegation-acme.sh delegations                                     the URLs of what was delegated to the account
#   delegation-acme.sh show URL                                        a delegation with its CSR template, or an order
#   delegation-acme.sh order DELEGATION-URL NAME KEY LIFETIME SECONDS  certificates of LIFETIME seconds, for SECONDS from now. Prints the order's URL
#   delegation-acme.sh single DELEGATION-URL NAME KEY                  one certificate that does not renew itself
#   delegation-acme.sh wait ORDER-URL                                  asks until it is decided. Prints the certificate's URL, which anybody may GET
#
# SERVER is the delegation directory, CACERT its root, ACCOUNT the file of the account's key (made when missing), BINDING the file that holds the
# external account key, key-id:mac-key. KEY is the file of the certificate's key (made when missing).
set -euo pipefail
: "${SERVER:=https://localhost:8443/delegation/directory}" "${BINDING:=account.eab}"
. "$(dirname "$0")/star-order.sh"

# RFC 8555 7.3.4: the account's key, signed by the key that the owner of the names gave.
binding() {
  local id mac protected payload
  IFS=: read -r id mac <"$BINDING"
  mac=$(printf '%s%s' "$mac" "$(printf '%*s' $(((4 - ${#mac} % 4) % 4)) '' | tr ' ' '=')" | tr -- '-_' '+/' | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
  protected=$(printf '{"alg":"HS256","kid":"%s","url":"%s"}' "$id" "$(resource newAccount)" | b64)
  payload=$(jwk | b64)
  printf '{"protected":"%s","payload":"%s","signature":"%s"}' "$protected" "$payload" "$(printf %s "$protected.$payload" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$mac" -binary | b64)"
}

register() {
  key "$ACCOUNT"
  [ -s "$ACCOUNT.url" ] && return
  post "$(resource newAccount)" "{\"termsOfServiceAgreed\":true,\"externalAccountBinding\":$(binding)}" >"$ACCOUNT.json"
  header location | grep . >"$ACCOUNT.url" || { cat "$ACCOUNT.json" >&2; exit 1; }
}

# place DELEGATION NAME KEY MEMBERS: Order1, ready at once, is finalized with a request as the template "web-ecdsa" wants it.
place() {
  local answer order csr
  answer=$(post "$(resource newOrder)" "{\"delegation\":\"$1\",\"identifiers\":[{\"type\":\"dns\",\"value\":\"$2\"}],$4}")
  order=$(header location)
  [ "$(of status <<<"$answer")" = ready ] || { printf '%s\n' "$answer" >&2; exit 1; }
  key "$3"
  csr=$(openssl req -new -key "$3" -subj / -addext "subjectAltName=DNS:$2" -addext keyUsage=digitalSignature -addext extendedKeyUsage=serverAuth -outform DER | b64)
  answer=$(post "$(of finalize <<<"$answer")" "{\"csr\":\"$csr\"}")
  [ "$(of status <<<"$answer")" = processing ] || { printf '%s\n' "$answer" >&2; exit 1; }
  printf '%s\n' "$order"
}

wait_for() {
  local answer
  while answer=$(post "$1"); [ "$(of status <<<"$answer")" = processing ]; do sleep "$(header retry-after)"; done
  of star-certificate <<<"$answer" || of certificate <<<"$answer" || { printf '%s\n' "$answer" >&2; exit 1; }
}

case "${1:-}" in delegations | show | order | single | wait) register ;; *) sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 2 ;; esac
case "$1" in
  delegations) post "$(post "$(cat "$ACCOUNT.url")" | of delegations)" | grep -o 'https://[^"]*' ;;
  show) post "$2"; echo ;;
  order) place "$2" "$3" "$4" "\"auto-renewal\":{\"end-date\":\"$(end "$6")\",\"lifetime\":$5,\"allow-certificate-get\":true}" ;;
  single) place "$2" "$3" "$4" '"allow-certificate-get":true' ;;
  wait) wait_for "$2" ;;
esac
