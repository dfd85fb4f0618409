echo text | gzip -n > a.gz
echo no tar > fake.tar
printf 'PK\003\004rest' > a.zip
mkdir dir; tar -cf dir/inner.tar --owner=0 --group=0 --mtime=2001-01-01 a.gz
