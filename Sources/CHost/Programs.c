#define _GNU_SOURCE
#include "CHost.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// All that runs between fork and exec, or with no exec at all, is safe in a signal handler: other threads may have held locks.

/// Writes `start NUMBER` and the end of the line; safe in a signal handler.
static int announce(int descriptor, pid_t process) {
    char line[32] = "start ";
    size_t length = strlen(line), digits = 1;
    for (pid_t rest = process; rest >= 10; rest /= 10) digits++;
    for (size_t index = digits; index > 0; index--, process /= 10) line[length + index - 1] = (char)('0' + process % 10);
    length += digits;
    line[length++] = '\n';
    return write(descriptor, line, length) == (ssize_t)length;
}

/// Kills the children of this process, and those that become so when their parents have ended, until there are none.
static void kill_what_is_left(void) {
    char numbers[4096];
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    const struct timespec moment = {.tv_nsec = 10 * 1000 * 1000};
    for (;;) {
        int file = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
        ssize_t length = file >= 0 ? read(file, numbers, sizeof(numbers)) : 0;
        if (file >= 0) close(file);
        // Each number ends with a space, but for one that the buffer has cut.
        pid_t process = 0;
        for (ssize_t index = 0; index < length; index++) {
            if (numbers[index] >= '0' && numbers[index] <= '9') {
                process = process * 10 + (numbers[index] - '0');
            } else {
                if (process > 0) kill(process, SIGKILL);
                process = 0;
            }
        }
        pid_t ended;
        do ended = waitpid(-1, NULL, WNOHANG | __WALL);
        while (ended > 0 || (ended < 0 && errno == EINTR));
        // Where that file is not to be had, nothing more can be known of them.
        if (ended < 0 || file < 0) return;
        sigtimedwait(&child, NULL, &moment);
    }
}

/// Waits for a program, or for SIGTERM, kills what is left, and ends as the program has.
///
/// Whose parent has ended becomes a child of this process, whatever group or session it has made itself; only a process of its own can
/// tell the orphans of one program from those of another.
static _Noreturn void supervise(pid_t program) {
    // Else nobody would see the end of pipes and connections that this process was born with.
    if (syscall(SYS_close_range, 0, ~0u, 0) != 0)
        for (int number = 0; number < 65536; number++) close(number);
    prctl(PR_SET_NAME, "heddle-reaper");
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    sigaddset(&signals, SIGTERM);
    for (int hasEnded = 0, signal = 0; !hasEnded && signal != SIGTERM;) {
        signal = sigwaitinfo(&signals, NULL);
        for (;;) {
            siginfo_t ended = {0};
            if (waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT | __WALL) != 0 || ended.si_pid == 0) break;
            if (ended.si_pid == program) {
                hasEnded = 1;
                break;
            }
            waitpid(ended.si_pid, NULL, __WALL);
        }
    }
    // Before it is waited for, nobody else can have its number.
    kill(-program, SIGKILL);
    int status = 0;
    while (waitpid(program, &status, __WALL) < 0 && errno == EINTR) {}
    kill_what_is_left();
    if (WIFEXITED(status)) _exit(WEXITSTATUS(status));
    setrlimit(RLIMIT_CORE, &(struct rlimit){0});
    sigfillset(&signals);
    sigprocmask(SIG_UNBLOCK, &signals, NULL);
    raise(WTERMSIG(status));
    _exit(127);
}

/// Becomes a program; if that fails, writes why to `report`.
static _Noreturn void become(
    char *const arguments[], char *const environment[], int input, int output, int report) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (dup2(input, 0) >= 0 && dup2(output, 1) >= 0 && dup2(output, 2) >= 0) execvpe(arguments[0], arguments, environment);
    int error = errno;
    ssize_t ignored = write(report, &error, sizeof(error));
    (void)ignored;
    _exit(127);
}

/// In a new process: has the program run under supervision.
static _Noreturn void supervise_start(
    char *const arguments[], char *const environment[], int input, int output, int announcements, int report) {
    pid_t self = getpid(), program = -1;
    if ((announcements < 0 || announce(announcements, self)) && prctl(PR_SET_CHILD_SUBREAPER, 1) == 0) program = fork();
    if (program > 0) supervise(program);
    if (program == 0) {
        setpgid(0, 0);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != self) _exit(127);
        become(arguments, environment, input, output, report);
    }
    int error = errno;
    ssize_t ignored = write(report, &error, sizeof(error));
    (void)ignored;
    _exit(127);
}

pid_t host_start(char *const arguments[], char *const environment[], int input, int output, int is_supervised, int announcements) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return -1;
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0);
        for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
        if (is_supervised) supervise_start(arguments, environment, input, output, announcements, report[1]);
        become(arguments, environment, input, output, report[1]);
    }
    int error = errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    if (child > 0) {
        ssize_t count;
        do count = read(report[0], &error, sizeof(error));
        while (count < 0 && errno == EINTR);
        if (count <= 0) {
            close(report[0]);
            return child;
        }
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    }
    close(report[0]);
    errno = error;
    return -1;
}
