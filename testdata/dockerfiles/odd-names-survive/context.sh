echo 1 > 'with blank'
echo 2 > 'ünïcode'
echo 3 > '$dollar'
echo 4 > '-dash'
echo 5 > "$(printf 'new\nline')"
echo 6 > 'back\slash'
