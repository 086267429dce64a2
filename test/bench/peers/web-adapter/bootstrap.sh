#!/bin/sh
# Starts the application and the adapter at once, as Lambda does with a bootstrap and an extension: bootstrap.sh NODE
# ADAPTER. The application ends with the adapter, also when that is killed.
setpriv --pdeathsig KILL "$1" server.mjs &
exec "$2"
