#!/bin/sh
# Starts jbuild. The launcher's "enter" gives the process a mount namespace (and, without root, a user namespace) before
# there is a JVM, which could not do so itself; --version needs none.
home=$0; [ ! -L "$home" ] || home=$(readlink -f "$home"); home=${home%/*}/..
start() { exec "$home/lib/jbuild-launcher" enter -- "$@"; }
[ "$*" != --version ] || start() { exec "$@"; }
start "$home/runtime/bin/java" -XX:AOTCache="$home/lib/jbuild.aot" @options@ ${JBUILD_JAVA_OPTIONS-} -Djbuild.home="$home" -cp "@classpath@" @main@ "$@"
