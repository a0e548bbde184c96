#!/usr/bin/env bash
# Looks at the Debian package of the agent as it would be installed: what is in it, to whom it belongs, what it needs, and that the
# programs in it find each other.   usage: check_agent_package.sh DEB
set -euo pipefail
package=$(realpath "$1")
source=$(realpath "$(dirname "$0")/../..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "package: $*" >&2
  exit 1
}

files='./usr/bin/hutong
./usr/bin/hutong-agent
./usr/lib/hutong/libhutong-skf.so
./usr/lib/systemd/user/hutong-agent.service
./usr/libexec/hutong/hutong-driver-host
./usr/share/applications/hutong-agent.desktop
./usr/share/doc/hutong-agent/copyright'
files+=$'\n'$(cd "$source/share" && find drivers.d -type f | sed 's:^:./usr/share/hutong/:')
diff <(sort <<<"$files") <(dpkg-deb --fsys-tarfile "$package" | tar -t | grep -v '/$' | sort) || fail "other files than these"
dpkg-deb --fsys-tarfile "$package" | tar -tv | awk '$2 != "root/root" || substr($1, 6, 1) == "w" || substr($1, 9, 1) == "w"' |
  grep . && fail "not root's alone"

[ "$(dpkg-deb -f "$package" Package)" = hutong-agent ] || fail "another name"
for needed in libc6 libssl3 libpcsclite1 libnss3-tools pinentry-gnome3; do
  [[ " $(dpkg-deb -f "$package" Depends) " == *[\ ,]"$needed"[\ ,]* ]] || fail "does not depend on $needed: $(dpkg-deb -f "$package" Depends)"
done

dpkg-deb --raw-extract "$package" "$work"
for script in postinst postrm; do
  [ -x "$work/DEBIAN/$script" ] && sh -n "$work/DEBIAN/$script" || fail "$script"
done
(cd "$work" && md5sum --quiet -c DEBIAN/md5sums) || fail "md5sums"
for program in usr/bin/hutong usr/bin/hutong-agent usr/libexec/hutong/hutong-driver-host usr/lib/hutong/libhutong-skf.so; do
  ! readelf -d "$work/$program" | grep -qE 'RPATH|RUNPATH' || fail "$program looks for libraries in a folder of its own"
  ! readelf -S "$work/$program" | grep -q debug_info || fail "$program is not stripped"
  ! grep -qF "$source" "$work/$program" || fail "$program names the folder that it was built in"
done
for started in $(sed -n 's/^Exec[A-Za-z]*=\([^ ]*\).*/\1/p' "$work/usr/lib/systemd/user/hutong-agent.service" \
  "$work/usr/share/applications/hutong-agent.desktop"); do
  [ -x "$work$started" ] || fail "$started is not in it"
done

# From where they lie, the programs find the host of drivers and the software token.
export HUTONG_TOKEN_HOME=$work/tokens HUTONG_DRIVERS=$work/usr/share/hutong/drivers.d
"$work/usr/bin/hutong" token init --name packed --application HUTONG >/dev/null
"$work/usr/bin/hutong" token list --json | grep -q '"device": "packed"' || fail "the packed software token is not found"
"$work/usr/bin/hutong-agent" --version >/dev/null
echo "$(basename "$package"): $(($(stat -c %s "$package") / 1024)) KiB, $(wc -l <<<"$files") files"
