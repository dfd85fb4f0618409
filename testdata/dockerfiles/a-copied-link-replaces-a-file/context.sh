mkdir tree
ln -s elsewhere tree/l
echo new > tree/f
