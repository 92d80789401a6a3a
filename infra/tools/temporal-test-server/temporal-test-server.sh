#!/bin/sh
# The SDK runs this as: temporal-test-server.sh <port> [extraArgs], and stops it with SIGKILL: hence `exec`,
# because a forked Java process would survive its shell.
D=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto -Xmx512m -cp "$D/lib/*" io.temporal.testserver.TestServer "$@"
