echo target > target
ln -s target link
mkdir real
echo f > real/f
ln -s real dirlink
