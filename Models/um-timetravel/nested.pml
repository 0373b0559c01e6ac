/* UML time travel in socket mode, a part of socket.pml: BROADCAST, links that close, and the calendar with its stack.
 * @DOC */
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
