mkdir -p d out; echo f > d/f; echo o > out/o; tar --mtime=2001-01-01 --owner=1 --group=2 -cf a.tar d out; rm -r d out
