// The work on the database.

#include "limit.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define STATEMENTS 20

static const char *const sql[STATEMENTS] = {
    "BEGIN IMMEDIATE",
    "COMMIT",
    "INSERT INTO sessions VALUES (?1, ?2, ?3, 0, ?4, ?4) ON CONFLICT DO NOTHING",
    "UPDATE session_counts SET sessions = sessions + 1 WHERE tenant_id = ?1",
    "SELECT message_count FROM sessions WHERE tenant_id = ?1 AND session_id = ?2",
    "SELECT status, expected_on FROM orders WHERE order_id = ?1",
    "INSERT INTO messages VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    "UPDATE sessions SET message_count = ?3, last_activity = ?4"
    " WHERE tenant_id = ?1 AND session_id = ?2",
    "SELECT message_id, seq, role, content, created_at FROM messages"
    " WHERE tenant_id = ?1 AND session_id = ?2 ORDER BY seq LIMIT 100",
    "SELECT session_id, message_count, created_at, last_activity FROM sessions"
    " WHERE tenant_id = ?1 ORDER BY last_activity DESC, session_id DESC LIMIT 50",
    "SELECT sessions FROM session_counts WHERE tenant_id = ?1",
    "SELECT destination_type, inbox_name, description, owner_team, status, registered_at"
    " FROM agent_inboxes WHERE address = ?1",
    "INSERT INTO inbox_messages VALUES (?1, ?2, ?3, NULL, '', ?4)",
    "SELECT message_id, payload, created_at FROM inbox_messages"
    " WHERE address = ?1 AND lease_until < ?2 ORDER BY lease_until, created_at LIMIT 10",
    "UPDATE inbox_messages SET ack_id = ?2, lease_until = ?3 WHERE message_id = ?1",
    "DELETE FROM inbox_messages WHERE ack_id = ?1 AND address = ?2",
    "SELECT ticket_type, original_cents FROM tickets WHERE ticket_id = ?1",
    "INSERT INTO price_quotes VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
};

enum { BEGIN, COMMIT, ADD_SESSION, COUNT_SESSION, FIND_SESSION, FIND_ORDER, ADD_MESSAGE,
       TOUCH_SESSION, MESSAGES, SESSIONS, SESSION_COUNT, FIND_INBOX, ADD_INBOX_MESSAGE, WAITING,
       LEASE, ACKNOWLEDGE, FIND_TICKET, ADD_QUOTE, FULL, KEYS };

struct store {
    sqlite3 *database;
    sqlite3_stmt *statements[STATEMENTS];
};

static void die(struct store *store, const char *what) {
    fprintf(stderr, "%s: %s\n", what, sqlite3_errmsg(store->database));
    exit(1);
}

struct store *store_open(const char *path) {
    struct store *store = calloc(1, sizeof *store);
    if (sqlite3_open_v2(path, &store->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL))
        die(store, path);
    sqlite3_busy_timeout(store->database, 5000);
    for (int i = 0; i < STATEMENTS; i++)
        if (sqlite3_prepare_v3(store->database, sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &store->statements[i], NULL))
            die(store, sql[i]);
    for (int i = FULL; i <= KEYS; i++) {
        sqlite3_step(store->statements[i]);
        sqlite3_reset(store->statements[i]);
    }
    return store;
}

// A statement that is ready to be run; each %s of `values` is bound to a text, each %d to a number.
static sqlite3_stmt *prepare(struct store *store, int number, const char *values, ...) {
    sqlite3_stmt *statement = store->statements[number];
    sqlite3_reset(statement);
    va_list list;
    va_start(list, values);
    for (int i = 1; *values; values++, i++) {
        if (*values == 's')
            sqlite3_bind_text(statement, i, va_arg(list, const char *), -1, SQLITE_STATIC);
        else
            sqlite3_bind_int(statement, i, va_arg(list, int));
    }
    va_end(list);
    return statement;
}

static void run(struct store *store, sqlite3_stmt *statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) die(store, sqlite3_sql(statement));
    sqlite3_reset(statement);
}

static const char *column(sqlite3_stmt *statement, int number) {
    return (const char *)sqlite3_column_text(statement, number);
}

void store_begin(struct store *store) { run(store, prepare(store, BEGIN, "")); }
void store_commit(struct store *store) { run(store, prepare(store, COMMIT, "")); }

// The present and `seconds`, as text of 27 characters.
static const char *moment(char text[28], int seconds) {
    struct timespec now;
    struct tm day;
    clock_gettime(CLOCK_REALTIME, &now);
    now.tv_sec += seconds;
    gmtime_r(&now.tv_sec, &day);
    size_t length = strftime(text, 28, "%Y-%m-%dT%H:%M:%S", &day);
    snprintf(text + length, 28 - length, ".%06dZ", (int)(now.tv_nsec / 1000) % 1000000);
    return text;
}

// A new id: time first, so that new rows lie side by side, then random bytes.
static const char *new_id(char id[48], const char *prefix) {
    static __thread uint64_t pool[32];
    static __thread unsigned used = 32;
    if (used == 32) {
        if (getrandom(pool, sizeof pool, 0) != sizeof pool) exit(1);
        used = 0;
    }
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    snprintf(id, 48, "%s%012llx%016llx", prefix,
             (unsigned long long)now.tv_sec * 1000 + now.tv_nsec / 1000000,
             (unsigned long long)pool[used++]);
    return id;
}

// Reads the text of a field; false unless it is there, fits and needs no unescaping.
static int field(const struct call *call, const char *name, char *value, size_t room) {
    char key[40];
    snprintf(key, sizeof key, "\"%s\"", name);
    const char *at = call->body.bytes ? strstr(call->body.bytes, key) : NULL;
    if (!at) return 0;
    at += strlen(key);
    at += strspn(at, " :");
    if (*at++ != '"') return 0;
    size_t length = strcspn(at, "\"\\");
    if (at[length] != '"' || length >= room) return 0;
    memcpy(value, at, length);
    value[length] = 0;
    return 1;
}

// The text of a field that holds a flat object.
static const char *object(const struct call *call, const char *name, char *value, size_t room) {
    char key[40];
    snprintf(key, sizeof key, "\"%s\"", name);
    const char *at = call->body.bytes ? strstr(call->body.bytes, key) : NULL;
    const char *end = at ? strchr(at, '}') : NULL;
    at = at ? strchr(at, '{') : NULL;
    if (!at || !end || end < at || (size_t)(end - at) + 2 > room) return "{}";
    memcpy(value, at, end - at + 1);
    value[end - at + 1] = 0;
    return value;
}

static void refuse(struct call *call, unsigned status) {
    call->status = status;
    call->answer.length = 0;
    put(&call->answer, "{\"error\":\"%u\"}", status);
}

static void create(struct store *store, struct call *call) {
    char id[48], metadata[1024], now[28];
    const char *kept = object(call, "metadata", metadata, sizeof metadata);
    new_id(id, "sess_");
    moment(now, 0);
    run(store, prepare(store, ADD_SESSION, "ssss", call->tenant, id, kept, now));
    run(store, prepare(store, COUNT_SESSION, "s", call->tenant));
    call->status = 201;
    put(&call->answer,
        "{\"session_id\":\"%s\",\"status\":\"created\",\"created_at\":\"%s\",\"metadata\":%s}", id,
        now, kept);
}

static void turn(struct store *store, struct call *call) {
    char session[128], message[4096], reply[256] = "I cannot find that order.";
    char user[48], assistant[48], now[28];
    if (!field(call, "session_id", session, sizeof session) ||
        !field(call, "message", message, sizeof message))
        return refuse(call, 400);
    moment(now, 0);
    run(store, prepare(store, ADD_SESSION, "ssss", call->tenant, session, "{}", now));
    if (sqlite3_changes(store->database) > 0)
        run(store, prepare(store, COUNT_SESSION, "s", call->tenant));
    sqlite3_stmt *row = prepare(store, FIND_SESSION, "ss", call->tenant, session);
    int count = sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int(row, 0) : 0;
    sqlite3_reset(row);
    const char *order = strstr(message, "ORD-");
    if (order) {
        char id[16];
        size_t length = 4 + strspn(order + 4, "0123456789");
        snprintf(id, sizeof id, "%.*s", (int)length, order);
        row = prepare(store, FIND_ORDER, "s", id);
        if (sqlite3_step(row) == SQLITE_ROW)
            snprintf(reply, sizeof reply,
                     "Your order %s is currently %s and expected to arrive on %s.", id,
                     column(row, 0), column(row, 1));
        sqlite3_reset(row);
    }
    new_id(user, "msg_");
    new_id(assistant, "msg_");
    run(store, prepare(store, ADD_MESSAGE, "sssdsss", user, call->tenant, session, count + 1,
                       "user", message, now));
    run(store, prepare(store, ADD_MESSAGE, "sssdsss", assistant, call->tenant, session, count + 2,
                       "assistant", reply, now));
    run(store, prepare(store, TOUCH_SESSION, "ssds", call->tenant, session, count + 2, now));
    put(&call->answer,
        "{\"session_id\":\"%s\",\"response\":\"%s\",\"status\":\"success\",\"timestamp\":\"%s\"}",
        session, reply, now);
}

static void history(struct store *store, struct call *call) {
    sqlite3_stmt *row = prepare(store, FIND_SESSION, "ss", call->tenant, call->name);
    if (sqlite3_step(row) != SQLITE_ROW) return refuse(call, 404);
    put(&call->answer, "{\"session_id\":\"%s\",\"tenant_id\":\"%s\",\"message_count\":%d,",
        call->name, call->tenant, sqlite3_column_int(row, 0));
    sqlite3_reset(row);
    row = prepare(store, MESSAGES, "ss", call->tenant, call->name);
    put(&call->answer, "\"messages\":[");
    for (int i = 0; sqlite3_step(row) == SQLITE_ROW; i++) {
        put(&call->answer, "%s{\"id\":\"%s\",\"seq\":%d,\"role\":\"%s\",\"content\":",
            i ? "," : "", column(row, 0), sqlite3_column_int(row, 1), column(row, 2));
        put_string(&call->answer, column(row, 3));
        put(&call->answer, ",\"timestamp\":\"%s\"}", column(row, 4));
    }
    sqlite3_reset(row);
    put(&call->answer, "]}");
}

static void list(struct store *store, struct call *call) {
    sqlite3_stmt *row = prepare(store, SESSION_COUNT, "s", call->tenant);
    int total = sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int(row, 0) : 0;
    sqlite3_reset(row);
    row = prepare(store, SESSIONS, "s", call->tenant);
    put(&call->answer, "{\"total\":%d,\"limit\":50,\"offset\":0,\"sessions\":[", total);
    for (int i = 0; sqlite3_step(row) == SQLITE_ROW; i++)
        put(&call->answer,
            "%s{\"session_id\":\"%s\",\"tenant_id\":\"%s\",\"message_count\":%d,"
            "\"created_at\":\"%s\",\"last_activity\":\"%s\"}",
            i ? "," : "", column(row, 0), call->tenant, sqlite3_column_int(row, 1),
            column(row, 2), column(row, 3));
    sqlite3_reset(row);
    put(&call->answer, "]}");
}

static void show_inbox(struct store *store, struct call *call) {
    sqlite3_stmt *row = prepare(store, FIND_INBOX, "s", call->name);
    if (sqlite3_step(row) != SQLITE_ROW) {
        refuse(call, 404);
    } else {
        put(&call->answer,
            "{\"aiAgentAddress\":\"%s\",\"inboxDestinationType\":\"%s\",\"inboxName\":\"%s\","
            "\"description\":\"%s\",\"ownerTeam\":\"%s\",\"status\":\"%s\","
            "\"registrationTimestamp\":\"%s\"}",
            call->name, column(row, 0), column(row, 1), column(row, 2), column(row, 3),
            column(row, 4), column(row, 5));
    }
    sqlite3_reset(row);
}

static void route(struct store *store, struct call *call) {
    char address[128], payload[1024], id[48], now[28];
    if (!field(call, "aiAgentAddress", address, sizeof address)) return refuse(call, 400);
    sqlite3_stmt *row = prepare(store, FIND_INBOX, "s", address);
    int known = sqlite3_step(row) == SQLITE_ROW;
    sqlite3_reset(row);
    if (!known) return refuse(call, 404);
    run(store, prepare(store, ADD_INBOX_MESSAGE, "ssss", new_id(id, ""), address,
                       object(call, "payload", payload, sizeof payload), moment(now, 0)));
    call->status = 202;
    put(&call->answer, "{\"messageId\":\"%s\"}", id);
}

static void pull(struct store *store, struct call *call) {
    char now[28], lease[28], ids[10][48], ack[48];
    int count = 0;
    sqlite3_stmt *row = prepare(store, WAITING, "ss", call->name, moment(now, 0));
    moment(lease, 60);
    put(&call->answer, "{\"receivedMessages\":[");
    while (sqlite3_step(row) == SQLITE_ROW && count < 10) {
        snprintf(ids[count], sizeof ids[count], "%s", column(row, 0));
        put(&call->answer,
            "%s{\"ackId\":\"a%s\",\"leaseUntil\":\"%s\",\"message\":{\"messageId\":\"%s\","
            "\"publishTime\":\"%s\",\"data\":%s}}",
            count ? "," : "", ids[count], lease, ids[count], column(row, 2), column(row, 1));
        count++;
    }
    sqlite3_reset(row);
    for (int i = 0; i < count; i++) {
        snprintf(ack, sizeof ack, "a%.46s", ids[i]);
        run(store, prepare(store, LEASE, "sss", ids[i], ack, lease));
    }
    put(&call->answer, "]}");
}

static void acknowledge(struct store *store, struct call *call) {
    put(&call->answer, "{\"results\":[");
    const char *at = call->body.bytes ? strchr(call->body.bytes, '[') : NULL;
    for (int i = 0; at && (at = strchr(at, '"')); i++) {
        char id[48];
        size_t length = strcspn(++at, "\"\\");
        snprintf(id, sizeof id, "%.*s", (int)length, at);
        at += length + (at[length] != 0);
        run(store, prepare(store, ACKNOWLEDGE, "ss", id, call->name));
        put(&call->answer, "%s{\"ackId\":\"%s\",\"status\":\"%s\"}", i ? "," : "", id,
            sqlite3_changes(store->database) > 0 ? "acked" : "unknown");
    }
    put(&call->answer, "]}");
}

static void price(struct store *store, struct call *call) {
    char tier[32], kind[32], id[48], end[28];
    if (!field(call, "upgrade_tier", tier, sizeof tier)) return refuse(call, 400);
    int cents = !strcmp(tier, "standard") ? 2500 : !strcmp(tier, "non-stop") ? 5000 : 7500;
    sqlite3_stmt *row = prepare(store, FIND_TICKET, "s", call->name);
    int known = sqlite3_step(row) == SQLITE_ROW;
    if (known) snprintf(kind, sizeof kind, "%s", column(row, 0));
    int total = known ? cents + sqlite3_column_int(row, 1) : 0;
    sqlite3_reset(row);
    if (!known) return refuse(call, 404);
    run(store, prepare(store, ADD_QUOTE, "sssdds", new_id(id, "quo_"), call->name, tier, cents,
                       total, moment(end, 900)));
    put(&call->answer,
        "{\"ticket_id\":\"%s\",\"ticket_type\":\"%s\",\"upgrade_tier\":\"%s\","
        "\"upgrade_price\":%d.%02d,\"total_amount\":%d.%02d,\"currency\":\"USD\","
        "\"quote_id\":\"%s\",\"quote_expires_at\":\"%s\"}",
        call->name, kind, tier, cents / 100, cents % 100, total / 100, total % 100, id, end);
}

void store_run(struct store *store, struct call *call) {
    static void (*const work[])(struct store *, struct call *) = {
        create, turn, history, list, show_inbox, route, pull, acknowledge, price,
    };
    call->status = 200;
    work[call->work](store, call);
}
