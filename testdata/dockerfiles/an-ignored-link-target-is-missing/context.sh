echo x > target
ln -s target link
echo target > .dockerignore
