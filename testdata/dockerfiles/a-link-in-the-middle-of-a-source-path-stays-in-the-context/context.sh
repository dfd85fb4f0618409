mkdir real
echo f > real/f
ln -s ../../real up
ln -s /real abs
