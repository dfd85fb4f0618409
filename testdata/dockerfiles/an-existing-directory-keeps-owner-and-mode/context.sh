echo a > a
mkdir dir; chmod 0750 dir; echo b > dir/b
