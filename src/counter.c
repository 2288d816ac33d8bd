#include "counter.h"

#include <string.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/perf_event.h>
#include <sys/syscall.h>
#endif

#ifdef __linux__
static int counter_of(struct perf_event_attr *attr)
{
    attr->size = sizeof(*attr);
    attr->type = PERF_TYPE_HARDWARE;
    attr->disabled = 1;
    attr->exclude_kernel = 1;
    attr->exclude_hv = 1;
    return (int)syscall(SYS_perf_event_open, attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}
#endif

int counter_open(void)
{
#ifdef __linux__
    struct perf_event_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.config = PERF_COUNT_HW_INSTRUCTIONS;
    attr.inherit = 1;
    attr.enable_on_exec = 1;
    return counter_of(&attr);
#else
    return -1;
#endif
}

int counter_branches(void)
{
#ifdef __linux__
    struct perf_event_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.config = PERF_COUNT_HW_CPU_CYCLES;
    attr.sample_period = 1000000;
    attr.sample_type = PERF_SAMPLE_BRANCH_STACK;
    attr.branch_sample_type = PERF_SAMPLE_BRANCH_USER | PERF_SAMPLE_BRANCH_ANY;
    return counter_of(&attr);
#else
    return -1;
#endif
}

double counter_close(int fd)
{
    uint64_t count = 0;
    if (fd < 0)
        return 0;
    if (read(fd, &count, sizeof(count)) != (ssize_t)sizeof(count))
        count = 0;
    close(fd);
    return (double)count;
}
