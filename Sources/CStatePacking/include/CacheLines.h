// What Swift has no word for: asking for memory ahead of its use.

#ifndef CACHE_LINES_H
#define CACHE_LINES_H

/// Asks for the cache line of an address, without waiting for it. Any address is allowed.
static inline void prefetchCacheLine(const void *address) { __builtin_prefetch(address); }

#endif
