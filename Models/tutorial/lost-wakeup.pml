/* A lost wake-up, as small as it gets: for learning how Heddle prints what it finds.
 *
 * From: the Linux kernel's wait_event() and try_to_wake_up() (kernel/sched/core.c, include/linux/wait.h), reduced to
 * one sleeper and one waker. Every line that reads or writes what both share is a step of its own; the run queue and
 * its lock are left out, so the waker's look at the state and the change of it are one step.
 *
 *   (default)   it looks at the condition first, then says that it sleeps: end-states and sleeper_is_woken violated
 *   -DPREPARE   prepare_to_wait(): it says so first, then looks: holds */
mtype:task = { RUNNING, INTERRUPTIBLE };
mtype:task state = RUNNING;
bool condition;

active proctype Sleeper() {
#ifdef PREPARE
    state = INTERRUPTIBLE;
    if
    :: condition -> state = RUNNING
    :: else
    fi;
#else
    if
    :: condition -> goto awake
    :: else -> state = INTERRUPTIBLE
    fi;
#endif
    state == RUNNING;       /* schedule() */
awake:
    skip
}

active proctype Waker() {
    condition = true;
    atomic {                /* try_to_wake_up() */
        if
        :: state == INTERRUPTIBLE -> state = RUNNING
        :: else
        fi
    }
}

/* Once the condition is true, the sleeper runs, now or later. */
ltl sleeper_is_woken { [] (condition -> <> (state == RUNNING)) }
