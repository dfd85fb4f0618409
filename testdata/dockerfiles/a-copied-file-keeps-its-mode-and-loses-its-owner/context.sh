echo a > a; chmod 4755 a
echo b > b; chmod 0600 b
echo c > c; chmod 0444 c
mkdir d; chmod 1777 d
mkdir e; chmod 0700 e
mkdir g; chmod 2750 g
echo x > g/x
