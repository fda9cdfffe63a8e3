#!/usr/bin/env bash
# Runs a static x86-64 program on an emulated processor with AVX-512 F, BW, DQ, VL and VBMI.
#
#   tests/emulation/run.sh PROGRAM [ARGUMENT...]
#
# Prints what the program prints; the exit status is the program's, or
#   77   nothing was run, since a package that it takes cannot be had; the last line says which
#   125  the program cannot be emulated
#   124  it did not end within EMULATION_SECONDS (1800)
#
# The processor is Bochs' Core i3 8121U (Cannon Lake); it boots Debian's kernel for virtual machines, whose first process
# is busybox: that takes about a minute, and what follows is some hundred times slower than this machine. Debian 12's
# packages are installed where they are missing (as root or with sudo); the kernel's is only unpacked, and its image kept
# in EMULATION_CACHE (~/.cache/narrowfp/emulation).
set -euo pipefail

packages=(bochs bochsbios bochs-term vgabios isolinux syslinux-common xorriso cpio busybox-static python3)
cache=${EMULATION_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/narrowfp/emulation}
seconds=${EMULATION_SECONDS:-1800}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

unavailable() { echo "not emulated: $1"; exit 77; }
refuse() { echo "tests/emulation/run.sh: $1" >&2; exit 125; }

(($#)) || refuse "usage: run.sh PROGRAM [ARGUMENT...]"
program=$1
"$here/check_instructions.sh" "$program" || refuse "$program cannot be emulated"
if readelf -lW "$program" | grep -q ' INTERP '; then refuse "$program is not linked statically"; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# --- what it takes ---

as_root=()
if ((EUID != 0)); then as_root=(sudo -n); fi
command -v apt-get >/dev/null || unavailable "the packages are Debian's, and this machine has no apt-get"
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if ((${#missing[@]})); then
  echo "installing ${missing[*]}"
  { "${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}"; } >"$work/apt.log" 2>&1 ||
    { tail -n 3 "$work/apt.log"; unavailable "these packages cannot be installed: ${missing[*]}"; }
fi

# The package linux-image-cloud-amd64 is empty and depends on the current one. Downloaded where apt's own user may write.
fetch_kernel() {
  local folder=$work/kernel name
  mkdir -p "$folder" "$cache"
  chmod a+rwx "$work" "$folder"
  name=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/^ *Depends: *\(linux-image-[0-9].*\)$/\1/p' | head -n 1)
  [[ $name ]] || return 1
  (cd "$folder" && apt-get download -qq "$name") || return 1
  dpkg-deb --fsys-tarfile "$folder"/*.deb | tar -x -C "$folder" --wildcards './boot/vmlinuz-*' || return 1
  # Moved as a whole, so that an interrupted run leaves no half of it.
  mv "$folder"/boot/vmlinuz-* "$cache/vmlinuz.new.$$" && mv "$cache/vmlinuz.new.$$" "$cache/vmlinuz"
}
if [[ ! -s $cache/vmlinuz ]]; then
  fetch_kernel >"$work/kernel.log" 2>&1 || {
    "${as_root[@]}" apt-get update -qq >>"$work/kernel.log" 2>&1 || true
    fetch_kernel >>"$work/kernel.log" 2>&1 || { tail -n 3 "$work/kernel.log"; unavailable "no kernel package can be had"; }
  }
fi

# --- the machine's disk: the kernel, and busybox with the program as the whole system ---

system=$work/system
image=$work/image
mkdir -p "$system"/{bin,dev,proc} "$image/isolinux"
cp /bin/busybox "$system/bin/"
cp "$program" "$system/program"
{
  echo '#!/bin/busybox sh'
  echo '/bin/busybox mount -t devtmpfs none /dev'
  echo '/bin/busybox mount -t proc none /proc'
  echo 'echo; echo "=== begins"'
  printf '/program'
  if (($# > 1)); then printf ' %q' "${@:2}"; fi
  printf '\nstatus=$?\necho; echo "=== ends $status"\n/bin/busybox poweroff -f\n'
} >"$system/init"
chmod +x "$system/init"
(cd "$system" && find . | cpio --create --format=newc --quiet | gzip -1) >"$image/isolinux/system"
cp "$cache/vmlinuz" /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32 "$image/isolinux/"
# clearcpuid: the kernel does without XSAVEC, XSAVES and protection keys.
cat >"$image/isolinux/isolinux.cfg" <<'CONFIGURATION'
DEFAULT emulation
TIMEOUT 1
LABEL emulation
  KERNEL vmlinuz
  INITRD system
  APPEND console=ttyS0,115200 quiet loglevel=0 clearcpuid=321,323,515 mitigations=off nokaslr nosmp lsm= nomodeset random.trust_cpu=on panic=-1
CONFIGURATION
xorriso -as mkisofs -quiet -o "$work/disk.iso" -b isolinux/isolinux.bin -c isolinux/boot.cat -no-emul-boot \
  -boot-load-size 4 -boot-info-table "$image" 2>"$work/xorriso.log" || { cat "$work/xorriso.log"; refuse "xorriso failed"; }

# --- the run ---

cat >"$work/bochsrc" <<CONFIGURATION
config_interface: textconfig
display_library: term
cpu: model=corei3_cnl, count=1, ips=20000000
megs: 512
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
ata0-master: type=cdrom, path=$work/disk.iso, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev=$work/serial
clock: sync=none, time0=utc
speaker: enabled=0
log: $work/bochs.log
panic: action=fatal
error: action=ignore
info: action=ignore
debug: action=ignore
CONFIGURATION
echo c >"$work/commands"  # Debian's Bochs is built with its debugger, which waits for `continue`
touch "$work/serial"
python3 "$here/on_terminal.py" "$seconds" "$work/serial" bochs -q -f "$work/bochsrc" -rc "$work/commands" || true

status=$(sed -n 's/^=== ends \([0-9]*\)\r*$/\1/p' "$work/serial")
if [[ ! $status ]]; then
  { tail -n 20 "$work/serial" | tr -d '\r'; tail -n 5 "$work/bochs.log"; } >&2
  echo "tests/emulation/run.sh: the program did not end, or not within $seconds s" >&2
  exit 124
fi
exit "$status"
