#!/bin/sh
# Downloads a release for this machine, verifies it, and lays out in /rootfs what the image holds.
#   fetch.sh VERSION SIGNATURES RELEASES KEYS    the build arguments of the Dockerfile
# A script and not lines of the Dockerfile: there, which shell runs them, and whether it stops at a failure, is up to the
# program that builds.
set -eu
version=$1 signatures=$2 releases=$3 keys=$4
get() { curl --fail --silent --show-error --location --retry 3 --output "$1" "$2"; }

archive="bitcoin-$version-$(uname -m)-linux-gnu.tar.gz"
for file in "$archive" SHA256SUMS SHA256SUMS.asc; do
  get "$file" "$releases/bitcoin-core-$version/$file"
done
mkdir keys
grep -v '^#' builders.txt | while read -r _ name; do
  # People come and go: what counts is how many have signed.
  get "keys/$name.gpg" "$keys/$name.gpg" || echo "There is no key of '$name' at '$keys'" >&2
done
./verify.sh "$archive" SHA256SUMS SHA256SUMS.asc builders.txt keys "$signatures"

tar --extract --file "$archive" --strip-components 1 --no-same-owner
mkdir -p /rootfs/bin /rootfs/etc
cp bin/bitcoind bin/bitcoin-cli /rootfs/bin
# `libc.so.6 => /lib/…/libc.so.6 (0x…)`, and the loader by its path alone.
ldd bin/bitcoind bin/bitcoin-cli >libraries
grep -o '/[^ ]* (' libraries | tr -d ' (' | sort -u | while read -r library; do
  install -D "$library" "/rootfs$library"
done
echo "bitcoin:x:101:101:bitcoin:/data:/sbin/nologin" >/rootfs/etc/passwd
