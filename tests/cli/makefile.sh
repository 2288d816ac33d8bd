# A plain Makefile with `pgo flags` and `pgo merge --raw`, in a directory with a space in its name.
. "$(dirname "$0")/../lib.sh"
need make
project src
cat >src/Makefile <<'END'
PGO ?= pgo
CFLAGS = -O2
ifdef STAGE
ask = $(shell "$(PGO)" flags --stage $(STAGE) --compiler $(CC) --profile prog.profile --part $(1))
PGO_CFLAGS := $(call ask,compile)
PGO_LDFLAGS := $(call ask,link)
endif
prog: sum.o core.o
	$(CC) $(CFLAGS) $(PGO_LDFLAGS) -o $@ sum.o core.o
%.o: %.c
	$(CC) $(CFLAGS) $(PGO_CFLAGS) -c -o $@ $<
clean:
	rm -f prog *.o
pgo:
	$(MAKE) clean
	$(MAKE) STAGE=instrument prog
	rm -rf pgo-raw
	./prog 1000
	"$(PGO)" merge --raw pgo-raw --output prog.profile --compiler $(CC)
	$(MAKE) clean
	$(MAKE) STAGE=use prog
END
for each in gcc clang; do
    family $each
    rm -rf there
    cp -r src there
    run 0 make -C there CC=$CC PGO="$PGO" pgo
    has out "profile $work/there/prog.profile" "2 of 2 functions ran" "-fprofile-use=$work/there/prog.profile"
    hasnt err "warning:" "error:"
    same "$(there/prog 1000)" 125250
    # The profile makes a difference.
    cp there/prog optimized
    make -C there CC=$CC clean prog >/dev/null
    ! cmp -s there/prog optimized || fail "$each: the profile changed nothing"
done
