#!/bin/sh
# In place of the driver.
echo "pgo: error: there is no driver here: Meson has found no C compiler for this machine to build it with," >&2
echo "  or this is a stage tree, and the driver of the tree it is of was not built" >&2
echo "  hint: install a compiler, or name it in CC or a native file, and configure again" >&2
exit 1
