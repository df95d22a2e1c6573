#!/usr/bin/python3
"""Sets the TXT record of a dns-01 challenge at pebble-challtestsrv, whose address is in CHALLTESTSRV.

certbot:  --manual-auth-hook 'acme_dns_hook.py present' --manual-cleanup-hook 'acme_dns_hook.py cleanup'   (name and value by CERTBOT_…)
lego:     EXEC_PATH=acme_dns_hook.py lego --dns exec                                                      (called with: present|cleanup NAME VALUE)
"""
import json
import os
import sys
import urllib.request

deed = sys.argv[1]
if len(sys.argv) > 2:
    name, value = sys.argv[2:4]
else:
    name, value = f"_acme-challenge.{os.environ['CERTBOT_DOMAIN']}.", os.environ["CERTBOT_VALIDATION"]

record = {"host": name, "value": value} if deed == "present" else {"host": name}
url = os.environ["CHALLTESTSRV"] + ("set-txt" if deed == "present" else "clear-txt")
urllib.request.urlopen(urllib.request.Request(url, json.dumps(record).encode()), timeout=10).close()
