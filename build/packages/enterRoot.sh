#!/bin/sh
# enterRoot.sh ROOT REPOSITORY COMMAND...: becomes the command inside ROOT. Called in namespaces of its own for mounts and processes.
set -e
root=$1
repository=$2
shift 2
mount --make-rprivate /
mount --bind "$root" "$root"
mkdir -p "$root/srv/isogloss" "$root/.outside"
mount --bind "$repository" "$root/srv/isogloss"
mount --rbind /dev "$root/dev"
mount --rbind /sys "$root/sys"
mount -t proc proc "$root/proc"
cd "$root"
pivot_root . .outside
umount -l /.outside
exec "$@"
