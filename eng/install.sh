#!/usr/bin/env bash
# Installs the Debian packages whose commands or files are missing.
#   eng/install.sh run    what the tool, its build and its demo need
#   eng/install.sh test   the same and what the tests need
#   eng/install.sh kernels  the same as run and what the checks on other kernels need
#   eng/install.sh bench  the same as run and what the bench compares with
# Prints nothing when nothing is missing. Without the right to install it says
# in one line what to install, and exits with 2.
set -euo pipefail

packages=()
command_from() { # COMMAND PACKAGE
    command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || packages+=("$2")
}
file_from() { # FILE PACKAGE
    [ -e "$1" ] || packages+=("$2")
}

multiarch=$(uname -m)-linux-gnu
command_from clang clang
file_from /usr/include/bpf/bpf_helpers.h libbpf-dev
file_from "/usr/lib/$multiarch/libbpf.so.1" libbpf1
file_from "/usr/include/$multiarch/asm/types.h" linux-libc-dev
command_from ip iproute2
command_from ethtool ethtool
command_from tshark tshark
command_from dnsmasq dnsmasq-base
command_from dig bind9-dnsutils
command_from dnsperf dnsperf
command_from curl curl
file_from /etc/ssl/certs/ca-certificates.crt ca-certificates
command_from ping iputils-ping
postgres() {
    compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || packages+=(postgresql)
    command_from setpriv util-linux
}

if [ "${1:-run}" = test ]; then
    postgres
    command_from nft nftables
    command_from bpftool bpftool
    [ -x /usr/bin/python3 ] || packages+=(python3)
    command_from node nodejs
    command_from npm npm
    command_from lua5.4 lua5.4
    file_from /usr/lib/python3/dist-packages/scapy/__init__.py python3-scapy
    file_from /usr/lib/python3/dist-packages/cryptography/__init__.py python3-cryptography
    command_from llvm-cov llvm
    compgen -G "/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-$(uname -m).a" >/dev/null || packages+=(libclang-rt-14-dev)
    file_from /usr/include/openssl/evp.h libssl-dev
    command_from freeradius freeradius
    command_from radclient freeradius-utils
fi

if [ "${1:-run}" = kernels ]; then
    command_from qemu-system-x86_64 qemu-system-x86
    file_from /usr/share/doc/busybox-static/copyright busybox-static # another busybox would not start without its libraries
    command_from cpio cpio
    command_from xz xz-utils
    command_from bpftool bpftool
    [ -x /usr/bin/python3 ] || packages+=(python3)
fi

if [ "${1:-run}" = bench ]; then
    postgres
    command_from clang-16 clang-16 # for the row of the table that the usual clang cannot build
    command_from irtt irtt
    command_from iperf3 iperf3
    file_from /usr/lib/python3/dist-packages/scapy/__init__.py python3-scapy
    file_from /usr/lib/python3/dist-packages/cryptography/__init__.py python3-cryptography
    command_from node nodejs
    command_from npm npm
fi

[ ${#packages[@]} -eq 0 ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "pdm6: missing packages; install them as root: apt-get install ${packages[*]}" >&2
    exit 2
fi
echo "pdm6: installing ${packages[*]} ..." >&2
# The tests start FreeRADIUS themselves: the service of the package stays off.
if [[ " ${packages[*]} " == *" freeradius "* && -d /etc/systemd/system && ! -e /etc/systemd/system/freeradius.service ]]; then
    ln -s /dev/null /etc/systemd/system/freeradius.service
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >&2
apt-get install -y -qq --no-install-recommends "${packages[@]}" >&2
