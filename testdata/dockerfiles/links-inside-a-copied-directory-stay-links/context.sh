mkdir tree
echo f > tree/f
ln -s f tree/relative
ln -s /etc/passwd tree/absolute
ln -s nowhere tree/dangling
ln -s ../.. tree/out
