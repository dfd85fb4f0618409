L=$(printf 'x%.0s' $(seq 120))
mkdir -p t/$L/d; echo 1 > t/$L/d/f; ln t/$L/d/f t/hard; ln -s $L t/sl; chmod 2755 t/$L; mkfifo t/p; chmod 4755 t/hard
find t -exec touch -h -d 2000-01-01T00:00:00Z {} +
for f in gnu pax ; do tar --format=$f --sort=name --owner=100000 --group=7 -cf $f.tar -C t .; done
tar --format=ustar --sort=name --owner=7 --group=7 -cf ustar.tar -C t p
mkdir u; echo a > u/a; echo b > u/b; touch -d 2000-01-01T00:00:00Z u/a u/b u
tar --format=v7 --sort=name --owner=1 --group=2 -cf v7.tar -C u .
tar --format=gnu --owner=0 --group=0 -cf dup.tar -C u a b; echo second > u/a; touch -d 2001-01-01T00:00:00Z u/a; tar --format=gnu --owner=0 --group=0 -rf dup.tar -C u a
ln u/b u/c; tar --sort=name --format=pax --owner=0 --group=0 --pax-option=delete=atime,delete=ctime -cf hl.tar -C u a b c
mkdir -p w/x/y; echo z > w/x/y/z; touch -d 2000-01-01T00:00:00Z w/x/y/z; tar --owner=3 --group=3 -cf noparent.tar -C w x/y/z
rm -r t u w
