/* UML time travel with shared memory, a part of shm.pml: a device on usfstl's library, with TIME_SHARE. */
/* ---- A device: usfstl, src/schedctrl.c, src/sched.c, src/vhost.c ---- */

inline schedctrl_request_shm() {     /* of usfstl_sched_external_request(), _schedctrl_request_shm() */
  if
  :: client[DEV].irq == NONE || client[DEV].prev_request == client[DEV].irq
  :: else ->
     d_step { client[DEV].prev_request = client[DEV].irq; who = running_id }
     if
     :: slot[who].time_share -> who = 0;
        CHECK(CONTROLLER, client[DEV].irq >= current_time);
        if
        :: client[DEV].irq < free_until && !client[DEV].waiting -> can_run = true
        :: client[DEV].irq < free_until && client[DEV].waiting ->
           d_step { CHECK(WRITERS, MAY_SHARE(DEV)); free_until = client[DEV].irq }
        :: client[DEV].irq >= free_until
        fi;
        if
        :: can_run
        :: else -> slot[DEV].req_time = client[DEV].irq;
           d_step { CHECK(WRITERS, MAY_SHARE(DEV)); slot[DEV].req_run = true; client[DEV].wanted = client[DEV].irq }
        fi
     :: else -> d_step { who = 0; client[DEV].wanted = client[DEV].irq; to_calendar[DEV]!REQUEST(client[DEV].irq) }
        do :: from_calendar[DEV]?RUN(_) -> sched_ctrl_run() :: from_calendar[DEV]?ACK(_) -> break od
     fi
  fi
}
inline sched_ctrl_run() {            /* usfstl_sched_ctrl_sock_read(), RUN */
  d_step { take_run(DEV); client[DEV].waiting = false;
    CHECK(RUN_TIME, current_time == client[DEV].wanted); client[DEV].wanted = NONE }
}
inline virtq_kick(c) {               /* usfstl_vhost_user_virtq_kick(), then the reply */
  if
  :: d_step { client[DEV].irq == NONE -> CHECK(IRQ_SKEW, current_time == client[DEV].sent_at);
       if :: SOON current_time + 1 <= MAX_TIME -> client[DEV].irq = current_time + 1 :: else fi } KICK_IRQ
     schedctrl_request_shm()
  :: else
  fi;
  client[DEV].sent_at = 0; kick_reply[c]!ACK
}
inline raise_interrupt(c) {          /* usfstl_vhost_user_send_virtq_buf(), ..._send_msg() */
#if defined(DISCONNECT)
  if
  :: d_step { !IS_DEAD(c) -> from_device[c]!VRING_CALL; client[c].sent_at = current_time; client[c].sigio = true }
     if :: call_reply[c]?ACK :: IS_DEAD(c) -> CHECK(PEER, false) fi
  :: IS_DEAD(c) -> CHECK(PEER, false)
  fi
#elif defined(NO_IRQ_ACK)
  d_step {
    if :: empty(from_device[c]) -> from_device[c]!VRING_CALL; client[c].sigio = true;
          client[c].sent_at = current_time
       :: else fi }
#else
  d_step { from_device[c]!VRING_CALL; client[c].sent_at = current_time; client[c].sigio = true }
  call_reply[c]?ACK
#endif
}
inline irq_job() {                   /* usfstl_vhost_user_job_callback() */
  client[DEV].irq = NONE;
  if                                 /* an interrupt to somebody, or work that nobody sees */
#ifdef TWO_AT_ONCE
  :: d_step { from_device[1]!VRING_CALL; client[1].sent_at = current_time; client[1].sigio = true;
       from_device[2]!VRING_CALL; client[2].sent_at = current_time; client[2].sigio = true }
     call_reply[1]?ACK; call_reply[2]?ACK
#endif
  :: true -> if :: raise_interrupt(1) IF2(:: IF_STARTED(2) raise_interrupt(2)) fi
  :: skip
  fi;
  if :: SOON current_time < MAX_TIME -> client[DEV].irq = current_time + 1 ANY_IRQ(current_time) :: skip fi
}

proctype Device() {
  unsigned t : TIME_BITS; byte who; bool can_run;
  start(DEV);
  do                                 /* usfstl_sched_next() */
  :: client[DEV].irq <= current_time -> irq_job()
  :: else -> schedctrl_request_shm();
     if
     :: can_run -> can_run = false; CHECK(REQUEST_LOST, ALL_WANT(client[DEV].irq));
        t = client[DEV].irq; store_time(DEV, t); client[DEV].prev_request = NONE
     :: else ->
        d_step { client[DEV].prev_request = NONE; client[DEV].waiting = true; client[DEV].running = false;
          to_calendar[DEV]!WAIT(0) }
end_wait:
        do                           /* usfstl_sched_ctrl_wait() */
        :: from_calendar[DEV]?RUN(_) -> sched_ctrl_run()
        :: client[DEV].waiting && nempty(to_device[1]) -> to_device[1]?VRING_KICK; virtq_kick(1)
        IF2(:: client[DEV].waiting && nempty(to_device[2]) -> to_device[2]?VRING_KICK; virtq_kick(2))
        :: !client[DEV].waiting -> break
        od;
        CHECK(CONTROLLER, running_id == DEV);
        slot[DEV].req_run = false
     fi
  od
}
