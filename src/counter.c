#include "counter.h"

#include <string.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/perf_event.h>
#include <sys/syscall.h>
#endif

int counter_open(void)
{
#ifdef __linux__
    struct perf_event_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.size = sizeof(attr);
    attr.type = PERF_TYPE_HARDWARE;
    attr.config = PERF_COUNT_HW_INSTRUCTIONS;
    attr.disabled = 1;
    attr.inherit = 1;
    attr.enable_on_exec = 1;
    attr.exclude_kernel = 1;
    attr.exclude_hv = 1;
    return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
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
