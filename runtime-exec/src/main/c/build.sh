#!/bin/sh
# Builds the launcher: build.sh OUTPUT. A static program, so that it runs on any Linux and reads nothing of an image.
set -eu
here=$(dirname "$0")
output=$1
if command -v musl-gcc >/dev/null 2>&1; then
	compiler=musl-gcc
elif command -v gcc >/dev/null 2>&1; then
	compiler=gcc
else
	echo "runtime-exec: no C compiler for the launcher. Install one, on Debian: apt install musl-tools (or gcc)" >&2
	exit 1
fi
mkdir -p "$(dirname "$output")"
if [ -e "$output" ] && [ -z "$(find "$here" -newer "$output" -name '*.[chs]*')" ]; then
	exit 0
fi
"$compiler" -std=gnu11 -Os -static -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes \
	-fstack-protector-strong -D_FORTIFY_SOURCE=2 -Wl,-z,relro,-z,now,-z,noexecstack -s \
	-ffile-prefix-map="$here"=. -o "$output.new" "$here"/*.c
mv "$output.new" "$output"
