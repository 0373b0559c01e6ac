/* A sliding window with going back: the sender has up to WINDOW messages under way that are not acknowledged, and sends all
 * of them again when it grows impatient; the channels lose what they like, but keep the order.
 *
 * From: N. V. Stenning, "A Data Transfer Protocol", Computer Networks 1(2), 1976, with numbers modulo WINDOW + 1. The
 * contents of a message are its place in the whole stream, modulo CONTENTS.
 *
 *   -DWINDOW=     messages under way, at most
 *   -DCAPACITY=   of each channel
 *   -DCONTENTS=   different contents; more than twice WINDOW, so that a wrong message is seen
 *   -DNUMBERS=    of sequence numbers; with WINDOW of them an old message is taken for a new one: violated
 *
 * What is delivered is the stream, nothing lost, doubled or out of order (assertions); end-states hold.
 *
 * WINDOW=2 118,695; WINDOW=4 4,712,805 states. The same in Spin 6.5.2 (-o1 -o2 -o3, -DSAFETY -DNOREDUCE). */
#ifndef WINDOW
#define WINDOW 2
#endif
#ifndef CAPACITY
#define CAPACITY 2
#endif
#ifndef CONTENTS
#define CONTENTS (2 * WINDOW + 1)
#endif
#ifndef NUMBERS
#define NUMBERS (WINDOW + 1)
#endif

chan data = [CAPACITY] of { byte, byte };   /* number, contents */
chan acks = [CAPACITY] of { byte };         /* the number that is expected next */

active proctype Sender() {
  byte oldest, old_contents;                /* the first message without an acknowledgement */
  byte under_way, sent;                     /* how many there are from it on, and how many of them were sent by now */
  byte number;
  do
  :: under_way < WINDOW -> under_way++
  :: sent < under_way -> data!(oldest + sent) % NUMBERS, (old_contents + sent) % CONTENTS; sent++
  :: sent == under_way && sent > 0 -> sent = 0      /* once more */
  :: acks?number ->
       d_step {
         number = (number + NUMBERS - oldest) % NUMBERS;    /* so many have come */
         if
         :: number <= under_way ->
              oldest = (oldest + number) % NUMBERS;
              old_contents = (old_contents + number) % CONTENTS;
              under_way = under_way - number;
              sent = (sent > number -> sent - number : 0)
         :: else
         fi;
         number = 0
       }
  od
}

active proctype Receiver() {
  byte expected, expected_contents, number, contents;
  do
  :: data?number, contents ->
       if
       :: number == expected ->
            d_step {
              assert(contents == expected_contents);
              expected = (expected + 1) % NUMBERS;
              expected_contents = (expected_contents + 1) % CONTENTS
            }
       :: else
       fi;
       d_step { number = 0; contents = 0 }
  :: acks!expected
  od
}

active proctype Loss() {
  byte number, contents;
  do
  :: d_step { data?number, contents -> number = 0; contents = 0 }
  :: d_step { acks?number -> number = 0 }
  od
}
