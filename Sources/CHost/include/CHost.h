// What Swift has no word for: the macros of control messages and seals, variadic system calls, flags of GNU's, and code between fork
// and exec. Functions return -1 with errno set where they fail; what they open is closed on exec.

#ifndef CHOST_H
#define CHOST_H

#include <sys/types.h>

/// The most descriptors that one message can carry here.
#define HOST_MAXIMUM_DESCRIPTORS 4

/// Makes a Unix stream socket whose calls do not block.
int host_make_socket(void);

/// Makes two connected Unix stream sockets.
int host_make_socket_pair(int ends[2]);

/// Takes the next connection of a socket that listens; its calls do not block.
int host_accept(int socket);

/// Sends bytes over a socket, with descriptors (SCM_RIGHTS) beside them; never blocks and never raises SIGPIPE.
/// Returns the number of bytes sent.
ssize_t host_send(int socket, const void *bytes, size_t length, const int *descriptors, size_t count);

/// Receives bytes from a socket without blocking. `count` is how many descriptors fit into `descriptors`, and then how many came.
/// Returns the number of bytes; 0 at the end of the stream.
ssize_t host_receive(int socket, void *bytes, size_t length, int *descriptors, size_t *count);

/// Whether the other side of a connection has not read all yet.
int host_is_unread(int socket);

/// Makes a memory file of fixed size: nobody who gets it can shrink or grow it, so nobody can make its other users fail.
/// Returns the descriptor.
int host_make_memory(const char *name, off_t length);

/// Makes a pipe: what is written to ends[1] is read from ends[0].
int host_make_pipe(int ends[2]);

/// Opens a descriptor that can be read once the process has ended.
int host_open_process(pid_t process);

/// Starts a program in a process group of its own, with these descriptors as its standard streams, this environment and
/// default signals.
///
/// With supervision, a process stands between it and this one. It ends as the program does, but not before it has killed all that the
/// program has left behind, in whatever group or session; SIGTERM has it kill the program first. If `announcements` is a descriptor, the
/// line `start NUMBER`, with the number of that process, is written to it before the program begins.
/// Returns that process, or without supervision the program; -1 also if the program cannot be executed.
pid_t host_start(
    char *const arguments[], char *const environment[], int input, int output, int is_supervised, int announcements);

#endif
