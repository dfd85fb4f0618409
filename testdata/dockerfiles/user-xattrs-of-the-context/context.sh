echo a > a
setfattr -n user.note -v hello a
