#!/usr/bin/env bash
# STAR (RFC 8739) with nothing but curl and openssl: to be read as much as to be run. docs/star.md shows what it prints.
#
#   star-order.sh order NAME KEY LIFETIME SECONDS [MEMBER]    orders and finalizes: certificates of LIFETIME seconds, for SECONDS from now;
#                                                             MEMBER is one more of auto-renewal, such as '"lifetime-adjust":64800'
#   star-order.sh draft NAME KEY LIFETIME SECONDS             the same by the names of the drafts before the RFC
#   star-order.sh show ORDER-URL                              the order
#   star-order.sh get STAR-CERTIFICATE-URL                    the certificate by POST-as-GET: by the account that ordered
#   star-order.sh cancel ORDER-URL
#   star-order.sh revoke CERTIFICATE                          is refused: a STAR certificate is not revoked
#
# SERVER is the directory, CACERT the root, ACCOUNT the file of the account's key (made when missing). KEY is the file of the certificate's key
# (made when missing). NAME has to need no challenge: in a namespace that is waived, or validated by this account already.
set -euo pipefail
: "${SERVER:=https://localhost:8443/acme/directory}" "${CACERT:=var/pki/root.pem}" "${ACCOUNT:=account.key}"
headers=$(mktemp); trap 'rm -f "$headers"' EXIT

b64() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
of() { tr -d '\n' | grep -o "\"$1\": *\"[^\"]*\"" | head -1 | cut -d'"' -f4; }
header() { tr -d '\r' <"$headers" | sed -n "s/^$1: //Ip" | tail -1; }
resource() { curl -sS --cacert "$CACERT" "$SERVER" | of "$1"; }
key() { [ -s "$1" ] || openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }

# RFC 7515, RFC 7518 3.4: the signature is r and s, 32 octets each; openssl gives them as two INTEGERs.
sign() {
  openssl dgst -sha256 -sign "$ACCOUNT" | openssl asn1parse -inform DER | sed -n 's/.*INTEGER *://p' |
    while read -r number; do printf '%64s' "$number" | tr ' ' 0; done | openssl_hex | b64
}
openssl_hex() { while IFS= read -rn2 octet; do printf "\\x$octet"; done; }

jwk() {
  local point; point=$(openssl ec -in "$ACCOUNT" -pubout -outform DER 2>/dev/null | tail -c 64 | od -An -v -tx1 | tr -d ' \n')
  printf '{"crv":"P-256","kty":"EC","x":"%s","y":"%s"}' "$(printf %s "${point:0:64}" | openssl_hex | b64)" "$(printf %s "${point:64}" | openssl_hex | b64)"
}

# post URL PAYLOAD: a signed request (RFC 8555 6.2); without a payload POST-as-GET. The answer's headers are in $headers.
post() {
  local nonce protected payload who
  nonce=$(curl -sS --cacert "$CACERT" -I "$(resource newNonce)" | tr -d '\r' | sed -n 's/^replay-nonce: //Ip')
  if [ -s "$ACCOUNT.url" ]; then who="\"kid\":\"$(cat "$ACCOUNT.url")\""; else who="\"jwk\":$(jwk)"; fi
  protected=$(printf '{"alg":"ES256","nonce":"%s","url":"%s",%s}' "$nonce" "$1" "$who" | b64)
  payload=$(printf %s "${2:-}" | b64)
  curl -sS --cacert "$CACERT" -D "$headers" -H 'Content-Type: application/jose+json' "$1" \
    -d "{\"protected\":\"$protected\",\"payload\":\"$payload\",\"signature\":\"$(printf %s "$protected.$payload" | sign)\"}"
}

register() {
  key "$ACCOUNT"
  [ -s "$ACCOUNT.url" ] && return
  post "$(resource newAccount)" '{"termsOfServiceAgreed":true}' >/dev/null
  header location >"$ACCOUNT.url"
}

# place NAME KEY MEMBERS: newOrder, then finalize with a request for the key.
place() {
  local answer order csr
  register
  answer=$(post "$(resource newOrder)" "{\"identifiers\":[{\"type\":\"dns\",\"value\":\"$1\"}],$3}")
  order=$(header location)
  [ "$(of status <<<"$answer")" = ready ] || { printf '%s\n' "$answer" >&2; exit 1; }
  key "$2"
  csr=$(openssl req -new -key "$2" -subj / -addext "subjectAltName=DNS:$1" -outform DER | b64)
  echo "order: $order"
  post "$(of finalize <<<"$answer")" "{\"csr\":\"$csr\"}"
  echo
}

end() { date -u -d "+$1 seconds" +%Y-%m-%dT%H:%M:%SZ; }

[ "${BASH_SOURCE[0]}" = "$0" ] || return 0 # delegation-acme.sh builds on what is above.

case "${1:-}" in
  order) place "$2" "$3" "\"auto-renewal\":{\"end-date\":\"$(end "$5")\",\"lifetime\":$4,\"allow-certificate-get\":true${6:+,$6}}" ;;
  draft) place "$2" "$3" "\"recurrent\":true,\"recurrent-end-date\":\"$(end "$5")\",\"recurrent-certificate-validity\":$4" ;;
  show | get) post "$2"; echo ;;
  cancel) post "$2" '{"status":"canceled"}'; echo ;;
  revoke) post "$(resource revokeCert)" "{\"certificate\":\"$(openssl x509 -in "$2" -outform DER | b64)\"}"; echo ;;
  *) sed -n '2,14s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
