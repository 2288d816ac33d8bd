#!/bin/sh
# In place of the driver.
echo "pgo: error: Meson has found no C compiler for this machine to build the driver with" >&2
echo "  hint: install one, or name it in CC or a native file, and configure again" >&2
exit 1
