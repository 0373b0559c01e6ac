/* UML time travel with shared memory, a part of shm.pml: a device that does not know it (-DMIXED_CLIENTS).
 *
 * From: usfstl, src/schedctrl.c, sched.c and vhost.c before the shared memory, as in socket.pml; control/main.c at
 * c1b5396, the cases of a client without TIME_SHARE: FREE_UNTIL, its own flags and req_time written for it, ACKs.
 * While the device runs, who has shared memory must send REQUEST; the calendar then tells the device, and answers when
 * that is ACKed (`requester`). With the rule the device is waiting for the reply to its interrupt then, and reads
 * nothing else; so what a nested wait_for() makes of other messages does not matter (it does in socket.pml). */
unsigned device_until : TIME_BITS = NONE;  /* next_external_sync */
unsigned told_until   : TIME_BITS = NONE;  /* usfstl_schedule_client.sync of the device */

inline sched_ctrl_sock_read() {
  if
  :: d_step { from_calendar[DEV]?FREE_UNTIL(t) -> device_until = t; t = 0; to_calendar[DEV]!ACK(0) }
  :: d_step { from_calendar[DEV]?RUN(t) -> take_run(DEV); client[DEV].waiting = false; set_time(DEV, t);
       CHECK(RUN_TIME, t == client[DEV].wanted); client[DEV].wanted = NONE; t = 0; to_calendar[DEV]!ACK(0) }
  fi
}
inline sched_ctrl_send_msg(op, time) {
  to_calendar[DEV]!op(time);
  do
  :: sched_ctrl_sock_read()
  :: d_step { from_calendar[DEV]?ACK(t) -> if :: op == GET -> set_time(DEV, t) :: else fi; t = 0 }
     break
  od
}
inline sched_ctrl_request() {
  if
  :: client[DEV].prev_request != client[DEV].irq && client[DEV].irq != NONE ->
     d_step { client[DEV].prev_request = client[DEV].irq; client[DEV].wanted = client[DEV].irq }
     sched_ctrl_send_msg(REQUEST, client[DEV].irq)
  :: else
  fi
}
inline virtq_kick(c) {
  if
  :: client[DEV].irq == NONE -> sched_ctrl_send_msg(GET, 0);
     CHECK(IRQ_SKEW, client[DEV].now == client[DEV].sent_at);
     if :: SOON client[DEV].now + 1 <= MAX_TIME -> client[DEV].irq = client[DEV].now + 1 LATER_IRQ :: else fi;
     sched_ctrl_request()
  :: else
  fi;
  client[DEV].sent_at = 0; kick_reply[c]!ACK
}
inline raise_interrupt(c) {
  d_step { from_device[c]!VRING_CALL; client[c].sent_at = client[DEV].now; client[c].sigio = true }
  do :: sched_ctrl_sock_read() :: call_reply[c]?ACK -> break od
}
inline irq_job() {
  client[DEV].irq = NONE;
  if
  :: true -> sched_ctrl_send_msg(UPDATE, client[DEV].now);
     if :: raise_interrupt(1) IF2(:: IF_STARTED(2) raise_interrupt(2)) fi
  :: skip
  fi;
  if :: SOON client[DEV].now < MAX_TIME -> client[DEV].irq = client[DEV].now + 1 LATER_IRQ :: skip fi
}

inline await_ack() {                 /* of the calendar: wait_for(client, UM_TIMETRAVEL_ACK) */
  do
  :: awaiting -> serve()
  :: else -> break
  od
}

proctype Device() {
  unsigned t : TIME_BITS;
  to_calendar[DEV]!START(0);
  d_step { from_calendar[DEV]?ACK(_) -> CHECK(ONE_RUNNING, RUNNING == 0); client[DEV].running = true }
  do
  :: client[DEV].irq <= client[DEV].now -> irq_job()
  :: d_step { client[DEV].irq > client[DEV].now && client[DEV].irq < device_until && device_until != NONE ->
       set_time(DEV, client[DEV].irq); CHECK(REQUEST_LOST, ALL_WANT(client[DEV].now)) }
  :: else -> sched_ctrl_request();
     client[DEV].prev_request = NONE;
     d_step { client[DEV].waiting = true; client[DEV].running = false }
     sched_ctrl_send_msg(WAIT, 0);
end_wait:
     do
     :: client[DEV].waiting && nempty(from_calendar[DEV]) -> sched_ctrl_sock_read()
     :: client[DEV].waiting && nempty(to_device[1]) -> to_device[1]?VRING_KICK; virtq_kick(1)
     IF2(:: client[DEV].waiting && nempty(to_device[2]) -> to_device[2]?VRING_KICK; virtq_kick(2))
     :: !client[DEV].waiting -> break
     od
  od
}
