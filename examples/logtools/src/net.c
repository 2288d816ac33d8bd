#include "net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in net_address(uint64_t port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int net_failed(int fd, const char *what, uint64_t port, struct err *err)
{
    err_format(err, "cannot %s 127.0.0.1:%" PRIu64 ": %s", what, port, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

static int net_socket(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd >= 0)
        fcntl(fd, F_SETFD, FD_CLOEXEC);
    return fd;
}

int net_listen(uint64_t *port, struct err *err)
{
    struct sockaddr_in address = net_address(*port);
    socklen_t size = sizeof address;
    int fd = net_socket();
    int yes = 1;

    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) ||
        bind(fd, (struct sockaddr *)&address, size) || listen(fd, SOMAXCONN) ||
        getsockname(fd, (struct sockaddr *)&address, &size))
        return net_failed(fd, "listen at", *port, err);
    *port = ntohs(address.sin_port);
    return fd;
}

int net_connect(uint64_t port, struct err *err)
{
    struct sockaddr_in address = net_address(port);
    int fd = net_socket();

    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address))
        return net_failed(fd, "connect to", port, err);
    return fd;
}
