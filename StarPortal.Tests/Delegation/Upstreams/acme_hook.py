#!/usr/bin/python3
"""A hook of an administrator's: sets TXT records at pebble-challtestsrv, whose address is in CHALLTESTSRV. Called with present|cleanup DOMAIN RECORD VALUE."""
import json
import os
import sys
import urllib.request

deed, _, record, value = sys.argv[1:]
what, body = ("set-txt", {"host": f"{record}.", "value": value}) if deed == "present" else ("clear-txt", {"host": f"{record}."})
urllib.request.urlopen(urllib.request.Request(os.environ["CHALLTESTSRV"] + what, json.dumps(body).encode()), timeout=10).close()
