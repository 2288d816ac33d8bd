. "${0%/*}/lib.sh"

cat >a.csv <<'end'
level,host,latency,msg
INFO,web1,1.5,ok
WARN,web2,20,"slow, very"
INFO,web1,2.5,"say ""hi"""
ERROR,web2,,failed
INFO,web2,3,ok
end
cat >a.log <<'end'
2025-03-01T00:00:00.000Z INFO cache host=web1 latency=1.5 msg="ok"
2025-03-01T00:00:00.001Z WARN db host=web2 latency=20 msg="slow, very"

2025-03-01T00:00:00.002Z INFO db host=web1 latency=2.5 msg="say \"hi\""
2025-03-01T00:00:00.003Z ERROR cache host=web2 latency= msg=failed
end

expect 0 "$bin/logmap" 'select level, count(*), sum(latency), avg(latency), min(latency),
    max(latency), count(latency) from a.csv group by level'
output_is <<'end'
level,count(*),sum(latency),avg(latency),min(latency),max(latency),count(latency)
INFO,3,7,2.33333333333,1.5,3,3
WARN,1,20,20,20,20,1
ERROR,1,,,,,1
end

# The same from log lines, whose words have names too.
expect 0 "$bin/logmap" 'SELECT component, COUNT(*) FROM a.log GROUP BY component
    ORDER BY component DESC'
output_is <<'end'
component,count(*)
db,2
cache,2
end
expect 0 "$bin/logmap" 'select msg, count(*) from a.log where time >= 2025-03-01T00:00:00.001Z
    group by msg'
output_is <<'end'
msg,count(*)
"slow, very",1
"say ""hi""",1
failed,1
end

# Conditions.
total() {
    expect 0 "$bin/logmap" "select count(*) from a.csv where $1"
    printf 'count(*)\n%s\n' "$2" | output_is
}
total 'level = INFO' 3
total 'level != INFO' 2
total 'latency > 2.5' 2
total 'latency >= 2.50' 3
total 'latency < 10 and host = web1' 2
total "msg = 'slow, very'" 1
total "msg = 'say \"hi\"'" 1
total "msg ~ '^s.*y\$'" 1
total "msg !~ 'o'" 2
total 'latency = 3.0' 1
total 'level = nothing' 0

# A field that is not there meets no condition.
expect 0 "$bin/logmap" 'select count(*) from a.log where nothing != 1'
printf 'count(*)\n0\n' | output_is

# Order, by several items, and limit.
expect 0 "$bin/logmap" 'select host, level, count(*) from a.csv group by host, level
    order by count(*) desc, host desc limit 2'
output_is <<'end'
host,level,count(*)
web1,INFO,2
web2,WARN,1
end

# Files on the command line take the place of `from`; several are one answer.
expect 0 "$bin/logmap" 'select host, count(*) from nowhere group by host' a.csv a.log
output_is <<'end'
host,count(*)
web1,4
web2,5
end
expect 0 "$bin/logmap" 'select max(latency) from -' <a.log
output_is <<'end'
max(latency)
20
end
expect 0 "$bin/logmap" --format csv 'select count(x)' <<'end'
x
1

2
end
output_is <<'end'
count(x)
2
end
printf 'x,y\r\n1,2\r\n' >dos.csv
expect 0 "$bin/logmap" 'select sum(y) from dos.csv'
output_is <<'end'
sum(y)
2
end

# A thousand groups and more, against awk.
"$bin/loggen" --format csv --lines 20000 --seed 3 -o many.csv
expect 0 "$bin/logmap" 'select user, count(*), sum(bytes) from many.csv group by user
    order by user'
tail -n +2 out | sort >got
tail -n +2 many.csv | awk -F, '{ n[$6]++; s[$6] += $9 }
    END { for (u in n) printf "%s,%d,%d\n", u, n[u], s[u] }' | sort >wanted
cmp -s got wanted || fail 'other sums than those of awk'
[ "$(wc -l <got)" -gt 1000 ] || fail 'not a thousand groups'

# Threads change nothing: not the order of groups, nor how sums are rounded, nor which error is the first.
for seed in 1 2 3 4 5 6; do
    "$bin/loggen" --lines 3000 --seed $seed -o part.$seed
done
query='select user, count(*), sum(latency), avg(latency), min(bytes), max(latency)
    where msg !~ "heartbeat|checkpoint" group by user'
expect 0 "$bin/logmap" "$query" part.*
mv out one
for threads in 2 3 4 100; do
    expect 0 "$bin/logmap" --threads $threads "$query" part.*
    output_is <one
done
cat part.* >parts
query='select user, count(*), count(msg), sum(bytes), min(bytes), max(latency) group by user'
expect 0 "$bin/logmap" "$query" parts
mv out whole
expect 0 "$bin/logmap" -t 4 "$query" part.*
output_is <whole
expect 2 "$bin/logmap" -t 4 'select count(*)' part.1 missing part.2 missing.too
error_has "cannot open 'missing': "
[ "$(wc -l <err)" -eq 1 ] || fail 'more than one error'
[ -s out ] && fail 'half an answer was printed'
expect 2 "$bin/logmap" --threads 0 'select count(*)' part.1
error_has "option '--threads' needs a whole number from 1 to 256, not '0'"

# wrong QUERY REASON
wrong() {
    expect 2 "$bin/logmap" "$1"
    error_has "$2"
}
wrong '' "'select' is missing at the end"
wrong 'get x' "'get' stands where 'select' was expected"
wrong 'select median(x)' "'median' is none of the functions"
wrong 'select count(*' ') is missing at the end'
wrong 'select level from a.csv' "'level' is selected without a function"
wrong 'select count(*) from a.csv where level' 'one of = != < <= > >= ~ !~ is missing at the end'
wrong 'select count(*) from a.csv where level ~ "("' "missing ')'"
wrong 'select count(*) from a.csv group level' "'level' stands where by was expected"
wrong 'select count(*) from a.csv limit many' "'limit' needs a whole number, not 'many'"
wrong 'select count(*) from a.csv order by level' "what 'order by' names must be selected"
wrong 'select count(*) from a.csv extra' "'extra' stands where"
wrong 'select count(*) from "a.csv' 'does not end'
wrong 'select sum(nothing) from a.csv' "'a.csv' has no column 'nothing'"
wrong 'select count(*) from missing' "cannot open 'missing': "
printf 'a,b\n1,"2\n' >broken.csv
wrong 'select count(*) from broken.csv' "'broken.csv' line 2: a quoted field does not end properly"
expect 2 "$bin/logmap" --format xml 'select count(*)'
error_has "unknown format 'xml'"
expect 2 "$bin/logmap"
error_has 'no query given'

finish
