// A disk that fails on request, under SQLite in a program that knows nothing of it.
//
// Preloaded (LD_PRELOAD), it puts itself between SQLite and the system's files. The file named by
// TORTURE_DISK holds five 32-bit numbers that may change at any time: of 1000 syncs and of 1000
// writes, how many fail; whether the disk is full (1: files cannot grow, 2: no write works); how
// many milliseconds a sync takes; whether a power cut is to be possible.
//
// For power cuts, each write first keeps what it replaces in a file beside, which a sync empties.
// After the program was killed, cut.py gives back any part of that, as a disk does that had not
// yet written it.

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct wishes {
    volatile int32_t failing_syncs, failing_writes, full, sync_milliseconds, cuts;
};

static struct wishes *wishes;
static sqlite3_vfs *under;

struct file {
    sqlite3_file base;
    // Whether it is a database or its write-ahead log; the rest is left alone.
    int is_data;
    // Where replaced bytes are kept, -1 until the first write.
    int kept;
    char name[512];
    sqlite3_file *real;
};

// What stands before the replaced bytes in the file beside.
struct record {
    uint64_t offset, old_size;
    uint32_t old_length, new_length;
};

static struct file *as_file(sqlite3_file *file) { return (struct file *)file; }
static sqlite3_file *real(sqlite3_file *file) { return as_file(file)->real; }

static int strikes(int32_t of_thousand) {
    static __thread unsigned seed;
    if (!seed) seed = (unsigned)getpid() ^ (unsigned)(uintptr_t)pthread_self();
    return of_thousand > 0 && rand_r(&seed) % 1000 < of_thousand;
}

// Keeps the bytes that a change of `length` bytes at `offset` replaces, or cuts off when 0.
static int keep(struct file *file, uint64_t offset, uint32_t length) {
    if (file->kept < 0) {
        file->kept = open(file->name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (file->kept < 0) return SQLITE_IOERR;
    }
    sqlite3_int64 size = 0;
    file->real->pMethods->xFileSize(file->real, &size);
    uint64_t end = length ? offset + length : (uint64_t)size;
    if (end > (uint64_t)size) end = size;
    struct record record = {offset, size, end > offset ? end - offset : 0, length};
    char *bytes = malloc(sizeof record + record.old_length);
    if (!bytes) return SQLITE_NOMEM;
    memcpy(bytes, &record, sizeof record);
    int result = SQLITE_OK;
    if (record.old_length)
        result = file->real->pMethods->xRead(file->real, bytes + sizeof record, record.old_length,
                                             offset);
    size_t all = sizeof record + record.old_length;
    if (result == SQLITE_OK && write(file->kept, bytes, all) != (ssize_t)all) result = SQLITE_IOERR;
    free(bytes);
    return result;
}

static int disk_close(sqlite3_file *file) {
    if (as_file(file)->kept >= 0) close(as_file(file)->kept);
    return real(file)->pMethods->xClose(real(file));
}

static int disk_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    return real(file)->pMethods->xRead(real(file), bytes, count, offset);
}

static int disk_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    struct file *own = as_file(file);
    if (own->is_data) {
        sqlite3_int64 size = 0;
        real(file)->pMethods->xFileSize(real(file), &size);
        if (wishes->full == 2 || (wishes->full == 1 && offset + count > size)) return SQLITE_FULL;
        if (strikes(wishes->failing_writes)) return SQLITE_IOERR_WRITE;
        int result = wishes->cuts ? keep(own, offset, count) : SQLITE_OK;
        if (result != SQLITE_OK) return result;
    }
    return real(file)->pMethods->xWrite(real(file), bytes, count, offset);
}

static int disk_truncate(sqlite3_file *file, sqlite3_int64 size) {
    if (as_file(file)->is_data && wishes->cuts) {
        int result = keep(as_file(file), size, 0);
        if (result != SQLITE_OK) return result;
    }
    return real(file)->pMethods->xTruncate(real(file), size);
}

static int disk_sync(sqlite3_file *file, int flags) {
    struct file *own = as_file(file);
    if (!own->is_data) return real(file)->pMethods->xSync(real(file), flags);
    if (wishes->sync_milliseconds > 0) usleep(wishes->sync_milliseconds * 1000);
    if (strikes(wishes->failing_syncs)) return SQLITE_IOERR_FSYNC;
    // With power cuts played, what counts as written is decided here and not by the real disk.
    if (!wishes->cuts) return real(file)->pMethods->xSync(real(file), flags);
    return truncate(own->name, 0) == 0 || access(own->name, F_OK) ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

static int disk_size(sqlite3_file *file, sqlite3_int64 *size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}
static int disk_lock(sqlite3_file *file, int kind) {
    return real(file)->pMethods->xLock(real(file), kind);
}
static int disk_unlock(sqlite3_file *file, int kind) {
    return real(file)->pMethods->xUnlock(real(file), kind);
}
static int disk_reserved(sqlite3_file *file, int *result) {
    return real(file)->pMethods->xCheckReservedLock(real(file), result);
}
static int disk_control(sqlite3_file *file, int what, void *argument) {
    return real(file)->pMethods->xFileControl(real(file), what, argument);
}
static int disk_sector(sqlite3_file *file) {
    return real(file)->pMethods->xSectorSize(real(file));
}
static int disk_traits(sqlite3_file *file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
static int disk_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory) {
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, memory);
}
static int disk_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
static void disk_barrier(sqlite3_file *file) { real(file)->pMethods->xShmBarrier(real(file)); }
static int disk_unmap(sqlite3_file *file, int remove) {
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

static const sqlite3_io_methods methods = {
    2, disk_close, disk_read, disk_write, disk_truncate, disk_sync, disk_size, disk_lock,
    disk_unlock, disk_reserved, disk_control, disk_sector, disk_traits, disk_map, disk_shm_lock,
    disk_barrier, disk_unmap, NULL, NULL,
};

static int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
    (void)vfs;
    struct file *own = as_file(file);
    memset(own, 0, sizeof *own);
    own->real = (sqlite3_file *)(own + 1);
    own->kept = -1;
    own->is_data = name && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL));
    if (own->is_data) snprintf(own->name, sizeof own->name, "%s.kept", name);
    int result = under->xOpen(under, name, own->real, flags, out);
    if (own->real->pMethods) own->base.pMethods = &methods;
    return result;
}

static int disk_delete(sqlite3_vfs *vfs, const char *name, int sync) {
    (void)vfs;
    char kept[520];
    snprintf(kept, sizeof kept, "%s.kept", name);
    unlink(kept);
    return under->xDelete(under, name, sync);
}

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("TORTURE_DISK");
    int control = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (control < 0) return;
    wishes = mmap(NULL, sizeof *wishes, PROT_READ, MAP_SHARED, control, 0);
    close(control);
    if (wishes == MAP_FAILED || sqlite3_initialize()) abort();
    under = sqlite3_vfs_find(NULL);
    static sqlite3_vfs disk;
    disk = *under;
    disk.zName = "torture";
    disk.szOsFile = sizeof(struct file) + under->szOsFile;
    disk.xOpen = disk_open;
    disk.xDelete = disk_delete;
    sqlite3_vfs_register(&disk, 1);
}
