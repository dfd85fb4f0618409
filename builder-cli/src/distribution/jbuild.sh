#!/bin/sh
# Starts jbuild. The launcher's "enter" gives the process a mount namespace (and, without root, a user namespace) before
# there is a JVM, which could not do so itself; --version needs none.
export LC_ALL=C.UTF-8 # names of files are UTF-8, whatever the locale
home=$0; [ ! -L "$home" ] || home=$(readlink -f "$home"); home=${home%/*}/..
start() { exec "$home/lib/jbuild-launcher" enter -- "$@"; }
[ "$*" != --version ] || start() { exec "$@"; }
start "$home/runtime/bin/java" -XX:AOTCache="$home/lib/jbuild.aot" @options@ ${JBUILD_JAVA_OPTIONS-} -Djbuild.home="$home" -cp "@classpath@" @main@ "$@"
