// The limit: what this machine does with the same libraries and the same durability when nothing
// else is asked of a program: no validation beyond what keeps it alive, no log, no figures, no
// tenants to tell apart, no search to keep. It shows how much of the machine the others leave.

#pragma once

#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>

// A growing text, which answers are written to.
struct text {
    char *bytes;
    size_t length, room;
};

// Adds what a format of printf makes.
void put(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Adds a JSON string of unescaped bytes.
void put_string(struct text *text, const char *value);

// What a request asks of the database.
enum work {
    CREATE, TURN, HISTORY, LIST, SHOW_INBOX, ROUTE, PULL, ACK, PRICE, HEALTH, UNKNOWN
};

// One request: what it wants, and its answer.
struct call {
    enum work work;
    // The part of the path that names something.
    char name[128];
    char tenant[128];
    struct text body;
    struct text answer;
    unsigned status;
    struct call *next;
    void *connection;
};

// A connection with the statements it has prepared.
struct store;

struct store *store_open(const char *path);
void store_begin(struct store *store);
// Commits, or ends the program: a limit that cannot write measures nothing.
void store_commit(struct store *store);
// Does a call's work and writes its answer.
void store_run(struct store *store, struct call *call);
