#!/bin/sh
# Greets whom its arguments name, and says who runs it.
echo "@greeting@, $*, from $(id -un)"
