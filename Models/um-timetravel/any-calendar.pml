/* UML time travel in socket mode, a part of heddle-calendar.pml (-DREAL_KERNEL -DANY_CALENDAR): a calendar that sends anything at
 * any time. A log then says something of the kernels only: of those that a script, a fuzzer or another calendar has served. */
#define SEND(c, op) :: from_calendar[c]!op(t)
#define SENDS(c) SEND(c, ACK) SEND(c, RUN) SEND(c, FREE_UNTIL) SEND(c, BROADCAST)
#define STEPS(c) \
  :: d_step { to_calendar[c]?_,_ -> skip } \
  :: d_step { HAS_ENDED(c) -> bury(c); client[c].free_until = 0; client[c].propagated = false }

proctype AnyCalendar() {
  unsigned t : TIME_BITS;

end_calendar:
  do
  :: atomic { select (t : 0 .. 18446744073709551615); if SENDS(1) IF2(SENDS(2)) IF3(SENDS(3)) fi; t = 0 }
  STEPS(1) IF2(STEPS(2)) IF3(STEPS(3))
  od
}
#define RUN_CALENDAR run AnyCalendar()
