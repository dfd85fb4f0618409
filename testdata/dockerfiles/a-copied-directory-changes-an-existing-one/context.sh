mkdir -p tree/sub; echo f > tree/sub/f; chmod 0750 tree/sub tree
