#!/bin/sh
# Compiles and runs the real engine. Needs Java 17 and, on Debian 12: velocity libjsonpath-java libjson-smart-java
# libcommons-lang-java libcommons-collections3-java libslf4j-java.
set -e
here=$(cd "$(dirname "$0")" && pwd)
jars=/usr/share/java
path=
for jar in velocity json-path json-smart accessors-smart commons-lang commons-collections3 slf4j-api slf4j-nop asm; do
  [ -e "$jars/$jar.jar" ] || { echo "$jars/$jar.jar is missing: see docs/guides/fuzz-and-conformance.md" >&2; exit 1; }
  path="$path:$jars/$jar.jar"
done
build=${TMPDIR:-/tmp}/apigateway-websocket-engine-$(id -u)
mkdir -p "$build"
if [ ! "$build/RealEngine.class" -nt "$here/RealEngine.java" ]; then
  javac -nowarn -encoding UTF-8 -cp "$path" -d "$build" "$here/RealEngine.java" 2>&1 | grep -v '^Note:' >&2 || true
fi
exec java -Dfile.encoding=UTF-8 -Xss4m -cp "$build:$path" RealEngine "$@"
