// Tells the thread sanitizer of the locks that it cannot see.
//
// The quick ways of Swift's Mutex are compiled into the program and seen. The slow ones, for a lock
// that somebody else holds, are inside the runtime library and the kernel; without this the
// sanitizer takes every contended lock for no lock at all. These two functions come in front of the
// library's own of the same names, call them, and say what they did.

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

extern void __tsan_acquire(void *address);
extern void __tsan_release(void *address);

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void mutex_lock_slow(uint32_t thread, SELF void *mutex) __asm__(LOCK);
SWIFT void mutex_unlock_slow(SELF void *mutex) __asm__(UNLOCK);

static void *next(const char *name) {
    void *function = dlsym(RTLD_NEXT, name);
    if (function == NULL) abort();
    return function;
}

SWIFT void mutex_lock_slow(uint32_t thread, SELF void *mutex) {
    ((SWIFT void (*)(uint32_t, SELF void *))next(LOCK))(thread, mutex);
    __tsan_acquire(mutex);
}

SWIFT void mutex_unlock_slow(SELF void *mutex) {
    __tsan_release(mutex);
    ((SWIFT void (*)(SELF void *))next(UNLOCK))(mutex);
}
#endif
#endif
