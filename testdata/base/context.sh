# Finds a busybox and gives it a root filesystem. Every directory that a runtime mounts over is there already.
busybox=$(command -v busybox)
mkdir -p home rootfs/bin rootfs/etc rootfs/home rootfs/proc rootfs/sys rootfs/dev rootfs/root rootfs/tmp
chmod 0700 rootfs/root
chmod 1777 rootfs/tmp
cp "$busybox" rootfs/bin/busybox
chmod 755 rootfs/bin/busybox
for applet in sh ash awk cat chmod chown cp cut echo env false find grep head hostname id ls ln mkdir mkfifo mknod mv printf rm \
    sed sort stat tail test touch true wc; do
    ln -s busybox "rootfs/bin/$applet"
done
cat >rootfs/etc/passwd <<'END'
root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/bin/false
app:x:1000:1000:app:/home/app:/bin/sh
member:x:1001:100:member:/home/member:/bin/sh
END
cat >rootfs/etc/group <<'END'
root:x:0:
daemon:x:1:
staff:x:50:app,member
users:x:100:app
app:x:1000:
extra:x:2000:app
END
: >rootfs/etc/hosts
: >rootfs/etc/resolv.conf
echo welcome >rootfs/etc/motd
echo 'set -o vi' >home/.profile
