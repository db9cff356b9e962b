#!/bin/sh
# The outside programs that the tests compare with. Debian only; needs root. Not part of `npm test`.
set -eu
packages="age chromium firefox-esr gnupg golang-go golang-golang-x-mod-dev hyperfine man-db nginx-light openssh-client openssl python3 python3-cryptography systemd zsh fish"
missing=""
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
echo "Installing Debian packages:$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing >/dev/null
