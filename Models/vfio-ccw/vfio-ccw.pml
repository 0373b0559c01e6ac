/* vfio-ccw: the interrupts of START, HALT and CLEAR SUBCHANNEL, from the host's subchannel through the driver's one
 * IRB and its workqueue to QEMU and the guest.
 *
 * From: Linux drivers/s390/cio/vfio_ccw_{fsm,drv,ops,async,cp}.c, cio.c and asm/scsw.h of Debian's 6.12.117; and
 * before v4, as in 5.10.0; RFC v4 (2021-04-13, four patches), v6 (2021-05-11, merged as c6c82e0cd812, 6c02ac4c9211,
 * 2af7a834a435 for 5.13) and their reviews; QEMU hw/s390x/css.c and hw/vfio/ccw.c (7.2 and later: SCSW bits are taken
 * back where cc is not 0). The subchannel is the Principles of Operation's as far as css.c and cio.c show it.
 *   Subchannel  ends channel programs, performs HALT and CLEAR, with PCI gives intermediate status, with UNSOLICITED
 *               (attention) status of its own. ssch(), hsch(), csch(), tsch() are one step each, as they are there.
 *   Interrupt   do_cio_interrupt() and fsm_irq(), on any CPU, under sch->lock.                       (driver.pml)
 *   Worker      the one thread of vfio_ccw_work_q: vfio_ccw_sch_io_todo(). The pending bit is cleared before it runs.
 *   Vcpu        the guest's instructions, at any time, in any order, as css_do_{ssch,hsch,csch,tsch}() do them, under
 *               the BQL; pwrite() to the I/O or the command region: vfio_ccw_mdev_write_io_region(),
 *               fsm_io_request(), fsm_io_helper(), fsm_do_halt(), fsm_do_clear().        (emulator.pml, driver.pml)
 *   MainLoop    vfio_ccw_io_notifier_handler(): the eventfd, pread(), the copy to the guest's SCSW; under the BQL too.
 *   Userspace   with ANY_USERSPACE instead of the two: issues anything at any time, from VCPUS threads, without a BQL.
 * One step is one access to what others change: private->state, cp->initialized, private->irb (two halves, since a
 * memcpy() is not atomic, and io_todo reads it without a lock), the pending bit. In one step with the taking of its
 * lock is what only that lock's holders touch (irb_area under io_mutex, the SCSW under the BQL): taking a lock
 * commutes with what others do. A writer that finds io_mutex taken gets -EAGAIN and tries again: here it waits.
 * Left out: cc 3, NOT_OPER, open, close, quiesce; errors of cp_init() and cp_prefetch(), where the thread frees what
 * it alone knows; primary status without secondary; RESUME, XSCH; a list walk in cp_free() that meets a new cp_init().
 * No number is bounded unless REQUESTS is set: ghosts mark whose status it is (OWN: of the last function accepted).
 *
 *   (default)    before v4: io_todo sets IDLE after any final IRB, and the write of the region after any error
 *   V4_PATCH1    cp_init() fails if the cp is initialized    V4_PATCH2  fsm_io_helper(): -EBUSY if work_pending()
 *   V4_PATCH3    after an error, only fsm_io_request() sets IDLE    V4_PATCH4  IDLE with cp_free(), not at the end
 *   V4           all four          V6   patches 1 and 3, and IDLE at the end if cp_free() was called: 5.13 up to 2026
 *   V6_MUTEX     V6, with io_mutex held by io_todo from its start to IDLE: 6.12.117
 *   WORK_BUSY    patch 2 asks work_busy(): pending or running; process_one_work() marks it running first
 *   FIX_FREE     V6, and the interrupt decides: fsm_io_helper() sets cp_active with cc 0, the first solicited and
 *                final IRB makes it cp_done, both under sch->lock; io_todo frees if cp_done. It copies the IRB under
 *                sch->lock, in io_mutex
 *   FIX_QEMU     CSCH, and HSCH after intermediate status, take back the guest's status; an IRB without the CLEAR or
 *                HALT that the guest's FC bits show is ignored; a START's write leaves irb_area alone
 *   FIX          both, and: an IRB is pending until userspace has read it. While it is, START and HALT give another
 *                error, as for cc 1, and QEMU makes cc 1 of it; CSCH drops it. Unsolicited status has a buffer of
 *                its own, and waits for its turn; QEMU reads nothing while the guest has status to fetch
 *   RETRY        with REQUESTS=3: the guest starts, gives up by CLEAR, and starts again
 * Properties: no_free_in_use (no channel program is freed while the subchannel executes it), no_leak (nor forgotten),
 * never_stuck (where all is quiet, a START would be accepted); with QEMU: own_status (TSCH gives the status of the
 * last function accepted, once), irb_whole (and all of it), right_cc (SSCH: cc 0 only if no function is in progress,
 * cc 2 only if one is; HSCH: cc 2 only for a halt or clear), fc_kept (FC bits while one is in progress), guest_is_told
 * and attention_is_told (where all is quiet, the guest has seen the end of its function, and the attention);
 * comes_to_rest (with REQUESTS: every run ends with the guest told, and ready). assertions and end-states hold always.
 *
 * Results: BFS steps, - where it holds for any number of requests. States in Spin 6.5.2 are the same (-o1 -o2 -o3,
 * -DSAFETY -DNOREDUCE -DNOCLAIM) where asked: the rows with *.
 * ANY_USERSPACE            no_free_in_use  no_leak  never_stuck  states
 *   default                29              31       -            1,325,616
 *   V4_PATCH1              29              -        47             659,823
 *   V4_PATCH2              29              31       -              947,818
 *   V4_PATCH3              29              45       -              929,574
 *   V4_PATCH4              29              31       -            1,303,564
 *   patches 1 2            29              -        47             462,137
 *   patches 1 2 3          29              -        63             319,388
 *   V4 *                   29              -        -              267,371   UNSOLICITED: never_stuck 37
 *   V4 WORK_BUSY *         -               -        -               89,772   UNSOLICITED: never_stuck 37
 *   V6                     29              -        -              392,434   UNSOLICITED: never_stuck 38
 *   V6_MUTEX *             37              -        -              178,442   UNSOLICITED: never_stuck 38
 *   FIX_FREE *             -               -        -              162,955   VCPUS=2 UNSOLICITED PCI: -, 7,751,771
 * QEMU                     no_free  leak  stuck  own  irb_whole  right_cc  fc_kept  told  states
 *   default                57       76    -      34   36         25        34       105   12,724,053
 *   V4_PATCH1              57       -     93     34   36         25        34       105    5,745,385
 *   V4_PATCH2              57       76    -      34   36         25        34       105    7,757,056
 *   V4_PATCH3              57       76    -      34   36         25        34       103    9,381,484
 *   V4_PATCH4              55       81    -      32   34         25        32       119   12,818,410
 *   patches 1 2            57       -     93     34   36         25        34       105    3,629,401
 *   patches 1 2 3          57       -     93     34   36         25        34       103    3,071,449
 *   V4                     55       -     -      32   34         25        32       -      2,375,679
 *   V4 WORK_BUSY           -        -     -      32   34         25        32       67       652,660
 *   V6                     56       -     -      33   35         25        33       101    3,868,843
 *   V6_MUTEX               64       -     -      33   35         25        33       -      1,750,256
 *   FIX_QEMU V6            56       -     -      33   35         25        33       93     2,391,072
 *   FIX_FREE               -        -     -      30   -          25        30       -      1,198,704
 *   FIX_FREE FIX_QEMU      -        -     -      30   -          25        30       85       697,414
 *   FIX *                  -        -     -      -    -          -         -        -         94,060
 *   FIX UNSOLICITED PCI *  -        -     -      -    -          -         -        -        742,925
 * attention_is_told holds without UNSOLICITED. UNSOLICITED REQUESTS=1: default: never_stuck holds, told 31, attention
 * 33, fc_kept 24; V6: never_stuck 40, told 30, attention 32, fc_kept 23; FIX_FREE: -, 30, 30, 22.
 * RETRY REQUESTS=3, no_free_in_use: V4 70, V6 71, V6_MUTEX 79. V4 WORK_BUSY, FIX_FREE and FIX hold.
 * comes_to_rest, REQUESTS=3: holds (default, V4, V6, V6_MUTEX, FIX_FREE, FIX); V4_PATCH1 93, V4 WORK_BUSY 67.
 *
 * The open questions (Corpus/vfio-ccw has a trace of each, and of the news):
 * Does v6 close the wrong free? No. What frees is as before: io_todo looks at private->state, which says that there is
 * a channel program, not that the IRB is its. Holding io_mutex for all of io_todo (6.12.117) does not close it either.
 * Does v4's pending check catch every case? No: once io_todo has begun, the bit is clear. work_busy() in its place
 * does close it, for any userspace: the IRB is written and queued under sch->lock, and START asks under it.
 * Should QEMU prohibit all this? It tries to, by the guest's FC bits. But these are overwritten by any IRB that comes.
 * One that fsm_irq() took before a CSCH (or HSCH) is still on its way, and gets to the guest afterwards: own_status.
 * TSCH then clears the FC bits, and the next START meets the CLEAR's io_todo. v4's cover letter asks how it happens.
 * News:
 * never_stuck, UNSOLICITED: since v4, an attention that overwrites a START's final IRB leaves CP_PENDING for good, and
 * every START gets -EBUSY until a HALT or CLEAR. Before v4, IDLE came after any final IRB. FIX_FREE cures it.
 * Patch 1 turns a leak into a device that is stuck, unless patches 3 and 4 (or v6's flag) come with it: before patch 3
 * a START that is refused in CP_PENDING sets IDLE. It is more than symmetry.
 * FIX_QEMU V6: io_todo may run twice for one IRB: fsm_irq() overwrites it under the first run, which passes it on, and
 * then queues the second. With FC bits that never fail, the second still frees the guest's next channel program.
 * V4 WORK_BUSY, told: a START writes zeroes over an IRB in irb_area that QEMU has not read, even if it is refused.
 * fsm_io_retry() and fsm_async_retry() are never reached: whoever sets CP_PROCESSING holds io_mutex until it is left.
 * Nor is cp_get_orb()'s NULL.
 * right_cc: fsm_do_halt() and fsm_io_helper() make -EBUSY of cc 1, too, and QEMU cc 2 of that. */
#ifndef VCPUS
#define VCPUS 1          /* the guest's; with QEMU the BQL lets one at a time into an instruction, so one is enough */
#endif
#ifndef REQUESTS
#define REQUESTS         0      /* the guest's, in all; 0: for ever */
#endif
#ifdef V4
#define V4_PATCH1
#define V4_PATCH2
#define V4_PATCH3
#define V4_PATCH4
#endif
#ifdef FIX
#define FIX_FREE
#define FIX_QEMU
#endif
#if (defined(V6_MUTEX) || defined(FIX_FREE)) && !defined(V6)
#define V6
#endif
#ifdef V6
#define V4_PATCH1
#define V4_PATCH3
#endif

#ifdef V4_PATCH1
#define INIT_CHECKED true
#else
#define INIT_CHECKED false
#endif
#ifdef WORK_BUSY
#define WORK_RUNS    in_work
#else
#define WORK_RUNS    false
#endif
#ifdef FIX
#define IRB_PENDING  (irb_new && !(irb & INTERM) || region_full && !(region & INTERM) || alert_new)
#define HW_CC1       EINPROGRESS
#else
#define IRB_PENDING  false
#define HW_CC1       EBUSY
#endif

/* The control word of an SCSW, as far as it matters. */
#define START    1       /* fctl */
#define HALT     2
#define CLEAR    4
#define FC       (START | HALT | CLEAR)
#define STPEND   8       /* stctl: status pending */
#define ALERT    16      /* with nothing else: unsolicited */
#define INTERM   32      /* intermediate status only */
#define ACTIVE   64      /* actl: SCHACT | DEVACT */
#ifdef ANY_USERSPACE
#define OWN      0
#else
#define OWN      128     /* ghost: the status of the last function that the subchannel accepted */
#endif

#define solicited(word)  (!((word) & ALERT))
#define final(word)      (!((word) & ACTIVE))

mtype:fsm = { IDLE, CP_PROCESSING, CP_PENDING };
mtype:errno = { OK, EBUSY, EAGAIN, EIO, EINPROGRESS };

/* ---- The host's subchannel ---- */
byte scsw;
bool running;            /* it executes a channel program */
bool chain_gone;         /* ... whose memory is freed */

/* ---- vfio_ccw_private ---- */
mtype:fsm state = IDLE;
bool sch_lock, io_mutex;
bool initialized;        /* cp->initialized */
bool cp_started;         /* ghost: SSCH was done with this cp */
byte irb;                /* private->irb, the control word, */
bool irb_rest;           /* and the rest of it: OWN only */
byte region;             /* io_region->irb_area */
bool region_rest;
bool work_pending, in_work;
bool cpa;                /* io_todo's cpu register in cp_update_scsw() */
bool eventfd;            /* io_trigger */
#ifdef FIX_FREE
bool cp_active;          /* from SSCH's cc 0 to the final interrupt, both under sch->lock */
bool cp_done;            /* from there to io_todo */
#endif
#ifdef FIX
bool irb_new;            /* from the interrupt to io_todo */
bool alert_new;          /* the same of unsolicited status, in a buffer of its own */
bool region_full;        /* from there to the emulator's read */
#endif

/* ---- The emulator, and the guest ---- */
bool bql;
byte schib;              /* sch->curr_status.scsw */
bool schib_rest;

byte busy;               /* ghost: the functions in progress, for the guest */
#if REQUESTS > 0
byte asked;
#endif
bool attention;          /* ghost: unsolicited status that the guest has not seen */
bool leaked;             /* ghost: a channel program that nobody frees any more */
bool misled;             /* ghost: the guest was given status of another request */
bool wrong_cc;           /* ghost: the guest was given a cc against the architecture */

inline disown() {        /* no status that is under way is that of the last function */
  irb = irb & ~OWN; irb_rest = false;
  region = region & ~OWN; region_rest = false;
  schib = schib & ~OWN; schib_rest = false; cpa = false
}

inline accepted(function, functions) {
#ifndef ANY_USERSPACE
  wrong_cc = wrong_cc || function == START && busy;
  attention = attention && function != CLEAR;
  busy = functions;
  disown()
#else
  skip
#endif
}

active proctype Subchannel() {
end:
  do
  :: d_step { running && !(scsw & (HALT | CLEAR)) && (!(scsw & STPEND) || (scsw & INTERM)) ->
       running = false; chain_gone = false; cp_started = false; scsw = START | STPEND }
  :: d_step { (scsw & (HALT | CLEAR)) && !(scsw & STPEND) ->
       running = false; chain_gone = false; cp_started = false; scsw = (scsw & FC) | STPEND }
#ifdef PCI
  :: d_step { running && scsw == START -> scsw = START | STPEND | INTERM | ACTIVE }
#endif
#ifdef UNSOLICITED
  :: d_step { scsw == 0 -> scsw = STPEND | ALERT }
#endif
  od
}

#include "driver.pml"
#include "emulator.pml"

/* ---- Properties ---- */

#define QUIET      (!scsw && !sch_lock && !work_pending && !in_work && !io_mutex && !eventfd && !bql && !SCHIB_PENDING)
#define CAN_START  (!(schib & FC) && state == IDLE && !(initialized && INIT_CHECKED))

ltl no_free_in_use { [] !chain_gone }
ltl no_leak { [] !leaked }
ltl never_stuck { [] (QUIET -> CAN_START) }
#ifndef ANY_USERSPACE
ltl own_status { [] !misled }
ltl right_cc { [] !wrong_cc }
ltl fc_kept { [] ((busy && !bql) -> (schib & FC)) }
ltl guest_is_told { [] (QUIET -> !busy) }
ltl irb_whole { [] ((schib & OWN) -> schib_rest) }
ltl attention_is_told { [] (QUIET -> !attention) }
#endif
#if REQUESTS > 0 && !defined(UNSOLICITED) && !defined(PCI) && !defined(ANY_USERSPACE)
ltl comes_to_rest { <> [] (CAN_START && !busy) }
#endif
