echo f > f; tar --mtime=2001-01-01 --owner=1 --group=2 -cf a.tar f
