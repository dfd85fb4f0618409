ln -s ../../../a up
echo a > a
