long=$(printf 'n%.0s' $(seq 200))
echo x > "$long"
mkdir -p "deep/$long/$long"
echo y > "deep/$long/$long/f"
ln -s "$long/$long" deep/link
