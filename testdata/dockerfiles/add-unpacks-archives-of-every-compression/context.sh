mkdir t; echo f > t/f; chmod 640 t/f; ln -s f t/l; mkdir t/d; echo g > t/d/g
touch -d 2000-05-06T07:08:09Z t/f t/d/g
touch -h -d 2000-05-06T07:08:09Z t/l
touch -d 2000-05-06T07:08:09Z t/d t
tar --owner=3 --group=4 --sort=name -cf plain.tar -C t .
tar --owner=3 --group=4 --sort=name -czf a.tar.gz t
tar --owner=3 --group=4 --sort=name -cjf a.tar.bz2 -C t f
tar --owner=3 --group=4 --sort=name -cJf a.tar.xz -C t d
tar --owner=3 --group=4 --sort=name --zstd -cf a.tar.zst -C t f l
cp a.tar.gz disguised
rm -r t
