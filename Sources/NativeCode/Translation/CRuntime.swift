import Automata

/// What the translation of every system has in common: the context that a generator works with, and what becomes of a step.
///
/// A step that cannot be finished here is left to the interpreter, together with all of the state: functions return -1 then,
/// and nothing that they did lasts.
enum CRuntime {
    /// Changes whenever what `CompiledExpansion` expects of compiled code does.
    static let version = 4

    /// Types, and ways to values in vectors, which lie anywhere.
    static let values = """
        typedef unsigned char B; typedef __INT64_TYPE__ I; typedef __UINT64_TYPE__ U;
        typedef __INT32_TYPE__ S32; typedef __UINT32_TYPE__ U32; typedef __INT16_TYPE__ S16; typedef __UINT16_TYPE__ U16;
        #define NARROW(x) ((I)(S32)(x))
        #define ACCESS(load, store, type) \\
        static inline I load(const B *p) { type v; __builtin_memcpy(&v, p, sizeof v); return (I)v; } \\
        static inline void store(B *p, I x) { type v = (type)x; __builtin_memcpy(p, &v, sizeof v); }
        ACCESS(u16, p16, U16) ACCESS(s16, p16s, S16) ACCESS(u32, p32, U32) ACCESS(s32, p32s, S32) ACCESS(s64, p64, I)

        """

    /// The context, changes of states, and the ends of steps. `LOCATION`, `VISIBLE`, `HIDDEN` and `MESSAGE` are defined before it.
    ///
    /// `struct sink` is the `SuccessorSink` of `CStatePacking`, and keys are hashed as there; `struct sleep` is `SleepTable.Record`.
    static let steps = """
        enum { NODES = 1024, SLOTS = 4096, CHAIN = 1 << 17, OFFER = 1 << 15, CUTS = 256, KEY = 4, ODD = 16 };
        /* What tells transitions apart that a function is for: where their values may be cut, and where they lead to. */
        struct row { const U32 *sites; I target; };
        struct mask { U moves, processes; };
        struct sleep {
            const S32 *first, *firstPlace; const I *constants; const U16 *kinds; const B *rows, *calm;
            I kindCount, places, types, constantLimit, processes, shift;
        };
        struct place { U hash; I number; };
        struct sink {
            U *keys; struct place *places; I count, capacity, keyWords, unknown, unheardOf;
            const U32 *slots; U lineCount;
            struct mask *asleep, later; const struct sleep *sleep;
            B *state; I room;
            I (*take)(struct sink *, const B *, I);
        };
        struct key { U words[KEY]; };
        struct node { I at, size, pid; U hash; struct key key; struct mask later; };
        typedef struct {
            I *cutCounts;
            B *out, *limit; I *ends, *lastEnd; I used;
            struct sink *sink; I size, keyWords; const U *changes; const B *state, *same; struct key base, key;
            I oddCount, odd[ODD];
            const struct sleep *sleep; I isAwake, hasBits; struct mask asleep, done, later, *masks; I pid, slot, here[257], place[257];
            I timeout, h, channels;
            I frames[257], channel[512], kind[512], message[MESSAGE + 1];
            I cutCount, cuts[CUTS];
            I nodes, chained; U generation; U slots[SLOTS];
            struct node node[NODES];
            B offer[OFFER], chain[CHAIN];
        } C;

        /* Notes that a variable cuts a value. The first one at each place is for the interpreter to tell of. */
        static __attribute__((noinline)) int cut(C *c, I site) {
            if (c->cutCounts[site] == 0 || c->cutCount == CUTS) return -1;
            c->cuts[c->cutCount++] = site;
            return 0;
        }

        /* Copies a state: most are so short that a call would take longer. */
        static inline void copy(B *n, const B *s, I size) {
            if (size < 16 || size > 80) { __builtin_memcpy(n, s, size); return; }
            for (I at = 0; at < size - 16; at += 16) __builtin_memcpy(n + at, s + at, 16);
            __builtin_memcpy(n + size - 16, s + size - 16, 16);
        }

        /* Those moves of a process that sleep, and so are possible, as bits counted from its first one where it stands. */
        static inline U sleeping(C *c, I pid) {
            c->pid = pid;
            return c->isAwake && pid < c->sleep->processes
                ? c->asleep.moves >> (pid << c->sleep->shift) & ((1 << (1 << c->sleep->shift)) - 1) : 0;
        }

        /* A move is taken, and not inside an atomic sequence: finds out what sleeps then, as `SleepTable.later` does. */
        static __attribute__((noinline)) void wake(C *c) {
            const struct sleep *const t = c->sleep;
            const I here = c->here[c->pid], kind = here ? t->kinds[here + c->slot] : 0, shift = t->shift, width = 1 << shift;
            struct mask later = {0, 0};
            if (kind) {
                const B *const row = t->rows + kind * t->kindCount, *const calm = t->calm + kind * t->places;
                U known = 0;
                for (U rest = c->done.processes; rest; rest &= rest - 1) {
                    const I pid = __builtin_ctzll(rest);
                    if (!calm[c->place[pid]]) continue;
                    later.processes |= (U)1 << pid;
                    known |= (((U)1 << width) - 1) << (pid << shift);
                }
                later.moves = c->done.moves & known;
                for (U rest = c->done.moves & ~known; rest; rest &= rest - 1) {
                    const I bit = __builtin_ctzll(rest);
                    later.moves |= (U)row[t->kinds[c->here[bit >> shift] + (bit & (width - 1))]] << bit;
                }
            }
            c->later = later;
            if (here && c->slot < width) c->done.moves |= (U)1 << ((c->pid << shift) + c->slot); else c->hasBits = 0;
        }

        /* Whether a process need not be asked, for whatever it can do sleeps. */
        static inline int isQuiet(C *c, I pid) {
            if (!c->isAwake) return 0;
            c->hasBits = 1;
            return pid < 64 && c->asleep.processes >> pid & 1;
        }

        /* A process was asked for all that it can do. */
        static inline void asked(C *c, I pid) { if (c->isAwake && c->hasBits && c->here[pid]) c->done.processes |= (U)1 << pid; }

        static inline void start(C *c, B *n, const B *s, I size) {
            if (c->isAwake) wake(c);
            copy(n, s, size);
            c->key.words[0] = c->base.words[0];
            for (I word = 1; word < c->keyWords; word++) c->key.words[word] = c->base.words[word];
        }

        /* Where a successor is made. */
        static __attribute__((noinline)) B *begin(C *c, const B *s, I size) {
            B *n = c->out;
            if (c->limit - n < size) return 0;
            start(c, n, s, size);
            return n;
        }

        /* Where a state inside an atomic sequence is made: there it stays. */
        static __attribute__((noinline)) B *hold(C *c, const B *s, I size) {
            if (c->nodes == NODES || CHAIN - c->chained < size) return 0;
            B *n = c->chain + c->chained;
            start(c, n, s, size);
            return n;
        }

        /* Where a state is made in which somebody has to receive. */
        static B *offer(C *c, const B *s, I size) {
            if (size > OFFER) return 0;
            start(c, c->offer, s, size);
            return c->offer;
        }

        /* Notes that bits of a byte have changed which no key has: often they are as before when the step is done. */
        static __attribute__((noinline)) void note(C *c, I at) {
            for (I i = 0; i < c->oddCount && i < ODD; i++) if (c->odd[i] == at) return;
            if (c->oddCount < ODD) c->odd[c->oddCount] = at;
            c->oddCount++;
        }

        /* Whether a state as large as the one that it comes from differs from that one in bits that no key has. */
        static int isOdd(const C *c, const B *n) {
            for (I i = 0; i < c->oddCount; i++)
                if (i == ODD || (n[c->odd[i]] ^ c->state[c->odd[i]]) & c->same[c->odd[i]]) return 1;
            return 0;
        }

        /* What bits that change in a byte of a state change in its key. */
        static inline void change(C *c, I at, U bits) {
            if (!VISIBLE(at)) return;
            if (bits & c->same[at]) note(c, at);
            const U *k = c->changes + at * 32;
            c->key.words[0] ^= k[bits & 15] ^ k[16 + (bits >> 4)];
            for (I word = 1; word < c->keyWords; word++) {
                k += c->size * 32;
                c->key.words[word] ^= k[bits & 15] ^ k[16 + (bits >> 4)];
            }
        }

        static inline void changes(C *c, I at, U bits) {
            if (c->sink) for (; bits; bits >>= 8, at++) if (bits & 255) change(c, at, bits & 255);
        }

        /* Write values to a state, at so many bytes from its beginning. */
        static __attribute__((noinline)) void set8(C *c, B *b, I at, U x) {
            const U bits = b[at] ^ (B)x;
            b[at] = (B)x;
            if (c->sink) change(c, at, bits);
        }
        #define SET(name, load, store, type) static __attribute__((noinline)) void name(C *c, B *b, I at, U x) { \
        const U bits = (type)load(b + at) ^ (type)x; store(b + at, x); changes(c, at, bits); }
        SET(set16, u16, p16, U16) SET(set32, u32, p32, U32) SET(set64, s64, p64, U)

        /* Notes what has changed in a part of a state. */
        static __attribute__((noinline)) void compare(C *c, const B *b, I at, const B *old, I size) {
            if (!c->sink) return;
            for (I i = 0; i < size; i++) if (b[at + i] != old[i]) change(c, at + i, b[at + i] ^ old[i]);
        }

        static inline U folded(U one, U other) {
            const unsigned __int128 product = (unsigned __int128)one * other;
            return (U)(product >> 64) ^ (U)product;
        }

        static __attribute__((noinline)) int deliver(C *c, I size) {
            HIDDEN(c->out)
            struct sink *const k = c->sink;
            if (k) {
                if (size != c->size || (c->oddCount && isOdd(c, c->out))) {
                    k->later = c->later;
                    return k->take(k, c->out, size);
                }
                if (k->count == k->capacity) return -1;
                if (k->sleep) k->asleep[k->count] = c->later;
                U *const key = k->keys + k->count * c->keyWords;
                U hash = folded((key[0] = c->key.words[0]) ^ 0x9E3779B97F4A7C15ULL, 0xD6E8FEB86659FD93ULL);
                for (I word = 1; word < c->keyWords; word++)
                    hash = folded(hash ^ (key[word] = c->key.words[word]), 0xA0761D6478BD642FULL);
                struct place *const place = k->places + k->count++;
                place->hash = hash;
                place->number = k->unknown;
                __builtin_prefetch(k->slots + ((hash >> 32) * k->lineCount >> 32) * 16);
                return 0;
            }
            if (c->ends == c->lastEnd) return -1;
            c->out += size;
            c->used += size;
            if (c->sleep) *c->masks++ = c->later;
            *c->ends++ = c->used;
            return 0;
        }

        static U hash(const B *s, I size) {
            U h = size, w = 0;
            I at = 0;
            for (; at + 8 <= size; at += 8) { h = (h ^ (U)s64(s + at)) * 0x9E3779B97F4A7C15ULL; h ^= h >> 32; }
            if (at < size) {
                if (size >= 8) w = (U)s64(s + size - 8); else __builtin_memcpy(&w, s, size);
                h = (h ^ w) * 0x9E3779B97F4A7C15ULL;
            }
            return h ^ h >> 29;
        }

        /* Slots of other generations are empty, so that nothing has to be cleared. */
        static void forget(C *c) {
            c->nodes = 0;
            c->chained = 0;
            if (c->generation++ < 0xFFFFFFFF) return;
            __builtin_memset(c->slots, 0, sizeof c->slots);
            c->generation = 1;
        }

        /* The state that was held last goes on by itself. Whether there is another like it is asked when it does: it would take
           long to read what has just been written. */
        static inline int follow(C *c, I size, I pid) {
            struct node *n = c->node + c->nodes++;
            n->at = c->chained; n->size = size; n->pid = pid; n->key = c->key; n->later = c->later;
            c->chained += size;
            return 0;
        }

        /* Whether a state was followed before with the same process in control, and the same moves asleep. */
        static int isFollowed(C *c, I number) {
            struct node *n = c->node + number;
            const U code = hash(c->chain + n->at, n->size) + (U)n->pid;
            n->hash = code;
            U at = code % SLOTS;
            for (; c->slots[at] >> 32 == c->generation; at = (at + 1) % SLOTS) {
                const struct node *known = c->node + (U32)c->slots[at];
                if (known->hash == code && known->pid == n->pid && known->size == n->size
                    && known->later.moves == n->later.moves && known->later.processes == n->later.processes
                    && !__builtin_memcmp(c->chain + known->at, c->chain + n->at, n->size)) return 1;
            }
            c->slots[at] = c->generation << 32 | (U)number;
            return 0;
        }

        """

    /// What the interpreter calls. `prepare`, `locate`, `find`, `expandOne` and `expandAll` are defined before it.
    static let interface = """
        I heddle_context_size(void) { return sizeof(C); }

        void heddle_prepare(C *c, I *cutCounts) {
            c->cutCounts = cutCounts;
            c->generation = 1;
            prepare(c);
        }

        /* Two if nothing can move, plus one if nothing can without a timeout. */
        static I run(C *c, const B *s, I size) {
            c->timeout = 0; c->h = 0; c->cutCount = 0;
            if (c->nodes) forget(c);
            locate(c, s);
            c->isAwake = c->sleep != 0;
            if (c->isAwake) { find(c, s); c->done = c->asleep; }
            int moved = expandAll(c, s, size);
            c->isAwake = 0;
            if (moved < 0) return -1;
            const int late = !moved;
            if (late) {
                c->timeout = 1;
                moved = expandAll(c, s, size);
                c->timeout = 0;
                if (moved < 0) return -1;
            }
            for (I next = 0; next < c->nodes; next++) {
                /* Nothing has to be known of the first one before there is another. */
                if (next == 1) isFollowed(c, 0);
                if (next && isFollowed(c, next)) continue;
                const struct node *n = c->node + next;
                const B *state = c->chain + n->at;
                c->base = n->key;
                c->later = n->later;
                locate(c, state);
                const int going = expandOne(c, state, n->size, n->pid);
                if (going < 0) return -1;
                if (going == 0 && (!begin(c, state, n->size) || deliver(c, n->size))) return -1;
            }
            for (I i = 0; i < c->cutCount; i++) c->cutCounts[c->cuts[i]]++;
            return !moved * 2 + late;
        }

        /* The number of successors times four, plus what run says. */
        I heddle_expand(
            C *c, const B *s, I size, B *out, I room, I *ends, I endRoom, I used, const struct sleep *sleep,
            const struct mask *asleep, struct mask *masks) {
            c->sleep = sleep; c->asleep = *asleep; c->masks = masks;
            c->out = out; c->limit = out + room; c->ends = ends; c->lastEnd = ends + endRoom; c->used = used;
            c->sink = 0;
            const I end = run(c, s, size);
            return end < 0 ? -1 : (c->ends - ends) * 4 + end;
        }

        /* Has the key of each successor taken, which it tells from that of the state. */
        I heddle_pass(C *c, const B *s, I size, const U *key, const U *changes, const B *same, const struct mask *asleep, struct sink *sink) {
            c->sleep = sink->sleep;
            c->asleep = asleep ? *asleep : (struct mask){0, 0};
            c->out = sink->state; c->limit = c->out + sink->room;
            c->sink = sink; c->size = size; c->keyWords = sink->keyWords; c->changes = changes; c->same = same;
            for (I word = 0; word < c->keyWords; word++) c->base.words[word] = key[word];
            c->state = s; c->oddCount = 0;
            return run(c, s, size);
        }

        """
}
