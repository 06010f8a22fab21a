#!/bin/sh
# Fails unless an archive is the one of which enough of the builders have signed the checksum.
#   verify.sh ARCHIVE SHA256SUMS SHA256SUMS.asc BUILDERS KEYS MINIMUM
# BUILDERS is a file like builders.txt; KEYS a folder with their keys, which are worth nothing unless BUILDERS has their
# fingerprints; MINIMUM how many of them must have signed.
set -eu
[ "$#" -eq 6 ] || { echo "verify.sh: 6 arguments are needed: see its first lines" >&2; exit 2; }
archive=$1 sums=$2 signatures=$3 builders=$4 keys=$5 minimum=$6
fail() { echo "Cannot trust '$archive': $*" >&2; exit 1; }
[ "$minimum" -ge 1 ] || { echo "verify.sh: MINIMUM must be 1 at least, and is '$minimum'" >&2; exit 2; }

GNUPGHOME=$(mktemp -d)
export GNUPGHOME
trap 'rm -rf "$GNUPGHOME"' EXIT
gpg --batch --no-autostart --quiet --import "$keys"/*.gpg 2>"$GNUPGHOME/import.log" ||
  fail "its builders' keys in '$keys' cannot be read: $(cat "$GNUPGHOME/import.log")"

# gpg fails when one of many signatures is of an unknown key: what counts is who made the good ones. An expired or
# revoked key makes none. The last field of VALIDSIG is the fingerprint of the primary key.
signers=$(gpg --batch --no-autostart --status-fd 1 --verify "$signatures" "$sums" 2>/dev/null | awk '
  $2 == "NEWSIG" { good = 0 }
  $2 == "GOODSIG" { good = 1 }
  $2 == "VALIDSIG" && good { print $NF }' | sort -u)
count=0 names=
for signer in $signers; do
  name=$(awk -v key="$signer" '$1 == key { print $2 }' "$builders")
  if [ -n "$name" ]; then count=$((count + 1)) names="$names $name"; fi
done
[ "$count" -ge "$minimum" ] ||
  fail "'$sums' has good signatures of $count builders (${names:- none}), and $minimum are needed"

file=$(basename "$archive")
line=$(awk -v name="$file" '$2 == name' "$sums")
[ -n "$line" ] || fail "'$sums' does not list '$file'"
(cd "$(dirname "$archive")" && echo "$line" | sha256sum --check --status --strict) ||
  fail "its checksum is not the one that '$sums' has"
echo "$file: signed by$names"
