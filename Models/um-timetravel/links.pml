/* UML time travel in socket mode, a part of socket.pml: messages to all, and links that close.
 *
 * From: Linux 6.12, arch/um/kernel/time.c, bc_store(), and time_travel_handle_message() for what comes; usfstl at
 * c1b5396, src/schedctrl.c, usfstl_sched_ctrl_send_bc(); control/main.c, see nested-calendar.pml.
 *   BROADCASTS   A UML may send BROADCAST after an event; the device where it works: in a job that raises an
 *                interrupt, and while it handles a kick, when a UML runs and waits for its reply. All read it as they
 *                read FREE_UNTIL. Left out: its contents, which nobody in the protocol looks at.
 *   BROADCAST_ANY_TIME  The device also sends one while it waits, of itself: nothing in its library forbids it. As a
 *                UML that runs may send one then, there can be two at once. One such broadcast in a run.
 *   DIES=id      The process with this id (1 .. N, DEV) dies at any time; what it has written is still read. A UML
 *                that waits for the reply of a dead device goes on (-ECONNRESET, conn_broken_wk) and kicks no more. A
 *                device that waits for the reply of a dead UML aborts: USFSTL_ASSERT_EQ(usfstl_vhost_user_read_msg(),
 *                0); so there are two deaths. DEVICE_GOES_ON: it does not. SYNC_TIME is the assertion of
 *                usfstl_sched_set_sync_time(). Left out: a calendar that closes the link, as a UML panics then ("link
 *                is broken"), and the simulation is over; and whoever connects again.
 *   FIX_REMOVAL  A repaired calendar: see nested-calendar.pml, with the results.
 * One step is what it is in socket.pml; a death is one step of its own. */
#if defined(BROADCAST_ANY_TIME) && !defined(BROADCASTS)
#define BROADCASTS
#endif

#ifdef BROADCASTS
mtype = { BROADCAST };
#define READ_ALSO(c)   :: d_step { from_calendar[c]?BROADCAST(t) -> t = 0; to_calendar[c]!ACK(PLAIN) }
#ifndef ALSO
#define ALSO(c)        if :: time_travel_ext_req(c, BROADCAST, 0) :: skip fi;        /* bc_store() */
#endif
#define ALSO_DEVICE    if :: sched_ctrl_send_msg(BROADCAST, 0) :: skip fi;           /* usfstl_sched_ctrl_send_bc() */
#ifdef BROADCAST_ANY_TIME
bool has_broadcast;
#define ALSO_ANY_TIME  :: d_step { client[DEV].waiting && !has_broadcast -> has_broadcast = true } \
                          sched_ctrl_send_msg(BROADCAST, 0)
#endif
#endif

#ifdef DIES
bool dead[N + 2], removed[N + 2];
#define LIFE             {
#define DEATH(c)         } unless { dead[c] -> end_dead: false }
#define MAY_MOVE(c)      (!client[c].in_handler || dead[c])
#define IF_ALIVE(c)      !dead[c] &&
#define NO_REPLY(c)      :: dead[c] -> break
#ifdef DEVICE_GOES_ON
#define NO_REPLY_FROM(c) :: dead[c] -> break
#else
#define NO_REPLY_FROM(c) :: d_step { dead[c] -> dead[DEV] = true; client[DEV].running = false }
#endif
#define SYNC_TIME        CHECK(DEVICE_FAILS, t >= client[DEV].now);
#define IS_DEAD(c)       dead[c]
#define IS_REMOVED(c)    removed[c]
#define IF_DIES(part)    part
#else
#define LIFE
#define DEATH(c)
#define MAY_MOVE(c)      !client[c].in_handler
#define IF_ALIVE(c)
#define NO_REPLY(c)
#define NO_REPLY_FROM(c)
#define SYNC_TIME
#define IS_DEAD(c)       false
#define IS_REMOVED(c)    false
#define IF_DIES(part)
#endif
#ifndef READ_ALSO
#define READ_ALSO(c)
#define ALSO_DEVICE
#endif
#ifndef ALSO_ANY_TIME
#define ALSO_ANY_TIME
#endif
