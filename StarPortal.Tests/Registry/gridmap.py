"""Asks the genuine Globus library (libglobus-gss-assist3): for each DN its local account in a grid-mapfile, and whether the account `second` is allowed."""
import ctypes
import os
import sys

os.environ["GRIDMAP"] = sys.argv[1]
assist = ctypes.CDLL("libglobus_gss_assist.so.3")
common = ctypes.CDLL("libglobus_common.so.0")
if common.globus_module_activate(ctypes.byref(ctypes.c_char.in_dll(assist, "globus_i_gsi_gss_assist_module"))) != 0:
    sys.exit("The Globus library does not start.")
for dn in sys.argv[2:]:
    account = ctypes.c_char_p()
    if assist.globus_gss_assist_gridmap(dn.encode(), ctypes.byref(account)) != 0:
        print("none")
    else:
        print(account.value.decode(), "yes" if assist.globus_gss_assist_userok(dn.encode(), b"second") == 0 else "no")
