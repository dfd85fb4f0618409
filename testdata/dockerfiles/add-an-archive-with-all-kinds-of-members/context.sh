mkdir t; echo f > t/f; ln t/f t/h; ln -s f t/s; mkfifo t/p; chmod 4755 t/f; mkdir -m 1777 t/d
tar --mtime=2001-01-01 --owner=1000 --group=2000 --sort=name -cf a.tar -C t .; rm -r t
