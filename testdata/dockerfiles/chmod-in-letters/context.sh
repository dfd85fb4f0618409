echo a > a
mkdir tree; echo x > tree/x; chmod 700 tree/x; echo y > tree/y; chmod 600 tree/y; mkdir tree/d; chmod 0700 tree/d
