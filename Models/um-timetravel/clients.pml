/* UML time travel in socket mode, a part of socket.pml: four to sixteen clients.
 *
 * With so many there are more states than can be searched: heddle fuzz walks through them. A client more is a line more
 * wherever clients are counted up; MORE_CLIENTS(line) has it for the clients from the fourth on, MORE_JOBS(line) for those
 * with ids from 5 on, the device included. With up to three clients both are nothing, and the model is as it ever was.
 * The formulas of liveness.pml then speak of the first three clients, those of time of all. */
#if N > 16
#error N is a number from 1 to 16
#endif
#if N > 3 && (defined(NEWCOMER) || defined(WAIT_ACK_RACE) || defined(BROADCASTS) || defined(DIES) || defined(STACK))
#error with more than three clients there are no variants that count them up by themselves
#endif
#if N > 3 && MAX_TIME > 3
#error with more than three clients MAX_TIME is at most 3
#endif
#if N >= 4
#define IF4(part) part
#else
#define IF4(part)
#endif
#if N >= 5
#define IF5(part) part
#else
#define IF5(part)
#endif
#if N >= 6
#define IF6(part) part
#else
#define IF6(part)
#endif
#if N >= 7
#define IF7(part) part
#else
#define IF7(part)
#endif
#if N >= 8
#define IF8(part) part
#else
#define IF8(part)
#endif
#if N >= 9
#define IF9(part) part
#else
#define IF9(part)
#endif
#if N >= 10
#define IF10(part) part
#else
#define IF10(part)
#endif
#if N >= 11
#define IF11(part) part
#else
#define IF11(part)
#endif
#if N >= 12
#define IF12(part) part
#else
#define IF12(part)
#endif
#if N >= 13
#define IF13(part) part
#else
#define IF13(part)
#endif
#if N >= 14
#define IF14(part) part
#else
#define IF14(part)
#endif
#if N >= 15
#define IF15(part) part
#else
#define IF15(part)
#endif
#if N >= 16
#define IF16(part) part
#else
#define IF16(part)
#endif
#define MORE_CLIENTS(line) IF4(line(4)) IF5(line(5)) IF6(line(6)) IF7(line(7)) IF8(line(8)) IF9(line(9)) IF10(line(10)) \
  IF11(line(11)) IF12(line(12)) IF13(line(13)) IF14(line(14)) IF15(line(15)) IF16(line(16))
#define MORE_JOBS(line) IF4(line(5)) IF5(line(6)) IF6(line(7)) IF7(line(8)) IF8(line(9)) IF9(line(10)) IF10(line(11)) \
  IF11(line(12)) IF12(line(13)) IF13(line(14)) IF14(line(15)) IF15(line(16)) IF16(line(17))

#define ADD_RUNNING(c)  + client[c].running
#define ADD_DUE(c)      || DUE(c)
#define ADD_KICKED(c)   :: KICKED(c) -> to_device[c]?VRING_KICK; virtq_kick(c)
#define ADD_RAISE(c)    :: IF_STARTED(c) raise_interrupt(c)
#define ADD_RUN(c)      :: d_step { MAY_RUN(c) -> run_client(c) }
#define ADD_READ(c)     :: d_step { MAY_READ(c) -> handle_message(c); wait_for(c) }
#define ADD_LATE(c)     :: d_step { nempty(to_calendar[c]) -> handle_message(c); wait_for(c) }
#define ADD_BEGIN(c)    ; begin_one(c)
#define ADD_TIMER(c)    first_timer(c);
#define ADD_CLIENT(c)   run Client(c);
#define ADD_SIGIO(c)    ; run Sigio(c)

/* The least of the times that jobs start at: by value, as a tree of MIN()s would be far too large. */
#if N > 3
#define JOB_AT(time) (job[1].start == time || job[2].start == time || job[3].start == time || job[4].start == time \
  IF4(|| job[5].start == time) IF5(|| job[6].start == time) IF6(|| job[7].start == time) IF7(|| job[8].start == time) IF8(|| job[9].start == time) IF9(|| job[10].start == time) \
  IF10(|| job[11].start == time) IF11(|| job[12].start == time) IF12(|| job[13].start == time) IF13(|| job[14].start == time) IF14(|| job[15].start == time) IF15(|| job[16].start == time) IF16(|| job[17].start == time))
#if MAX_TIME > 2
#define JOB_AT_3_OR(later) (JOB_AT(3) -> 3 : later)
#else
#define JOB_AT_3_OR(later) later
#endif
#if MAX_TIME > 1
#define JOB_AT_2_OR(later) (JOB_AT(2) -> 2 : later)
#else
#define JOB_AT_2_OR(later) later
#endif
#define FIRST_JOB(of_few) (JOB_AT(0) -> 0 : (JOB_AT(1) -> 1 : JOB_AT_2_OR(JOB_AT_3_OR(FOREVER))))
#else
#define FIRST_JOB(of_few) of_few
#endif
