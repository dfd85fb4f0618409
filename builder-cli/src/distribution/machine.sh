# What building and testing jbuild needs of a machine. Sourced by ./jbuild and ./verify (POSIX sh); prints to standard error.

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# A JDK of version 25 or later, told from its release file: no JVM is started to find out.
is_jdk() {
    [ -x "$1/bin/javac" ] && [ -x "$1/bin/jlink" ] || return 1
    release=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
    [ "${release:-0}" -ge 25 ]
}

# Prints the home of a JDK from JAVA_HOME, the PATH or the folder where distributions put JVMs.
find_jdk() {
    on_path=$(command -v javac) && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/javac}
    for candidate in "${JAVA_HOME:-}" "${on_path:-}" /usr/lib/jvm/*; do
        if [ -n "$candidate" ] && is_jdk "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    return 1
}

# Gives the packages of those commands that are not there: "missing command:package ...".
missing() {
    for pair in "$@"; do
        PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%:*}" >/dev/null || printf '%s ' "${pair#*:}"
    done
}

# Installs Debian packages without a question when it may; otherwise prints what to type, and fails.
install() {
    [ $# -gt 0 ] || return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "installing $*"
        export DEBIAN_FRONTEND=noninteractive
        apt-get install -y -q --no-install-recommends "$@" >&2 && return
        # The package lists of a fresh machine may be empty or old.
        apt-get update -q >&2 && apt-get install -y -q --no-install-recommends "$@" >&2 && return
    fi
    say "missing: $*. On Debian:"
    say "    sudo apt-get install -y --no-install-recommends $*"
    return 1
}

# Everything that the build itself needs; sets JAVA_HOME and MAVEN_OPTS.
prepare_build() {
    # shellcheck disable=SC2046 # one word for each package
    install $(missing git:git mvn:maven musl-gcc:musl-tools flock:util-linux) || return
    JAVA_HOME=$(find_jdk) || { install openjdk-25-jdk-headless && JAVA_HOME=$(find_jdk); } || {
        say "no JDK 25 or later in JAVA_HOME, on the PATH or in the usual folder: install one (Eclipse Temurin, for example)"
        return 1
    }
    export JAVA_HOME
    # Maven's own libraries use what newer JVMs warn of.
    export MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS-}"
}
