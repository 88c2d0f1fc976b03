#pragma once
#include <sqlite3.h>

// Swift cannot call C variadics or use macros that are casts; each is wrapped here once.

/// Binds `length` bytes of UTF-8 as text; SQLite copies them before this returns.
static inline int csqlite_bind_text(
    sqlite3_stmt *statement, int index, const char *text, sqlite3_uint64 length
) {
    // A null pointer would bind NULL; an empty Swift buffer may well have one.
    return sqlite3_bind_text64(
        statement, index, text ? text : "", length, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// Turns one of the connection's SQLITE_DBCONFIG_… switches on (1) or off (0).
static inline int csqlite_db_config(sqlite3 *database, int option, int value) {
    return sqlite3_db_config(database, option, value, (int *)0);
}

/// Stops SQLite from counting its memory, which takes a process-wide lock at every allocation.
static inline int csqlite_disable_memory_statistics(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
