// The requests: reads are answered in place, writes wait for the commit that holds them all.

#include "limit.h"

#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The most writes in one commit.
#define BATCH 256

static const char *path;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static struct call *first, **last = &first;

static void *write_for_ever(void *unused) {
    struct store *store = store_open(path);
    for (;;) {
        struct call *batch, *call;
        pthread_mutex_lock(&lock);
        while (!first) pthread_cond_wait(&more, &lock);
        batch = first;
        struct call **end = &first;
        for (int i = 0; i < BATCH && *end; i++) end = &(*end)->next;
        first = *end;
        *end = NULL;
        if (!first) last = &first;
        pthread_mutex_unlock(&lock);

        store_begin(store);
        for (call = batch; call; call = call->next) store_run(store, call);
        store_commit(store);
        while ((call = batch)) {
            // Once it is resumed the call is no longer ours.
            batch = call->next;
            MHD_resume_connection(call->connection);
        }
    }
    return unused;
}

static void enqueue(struct call *call) {
    pthread_mutex_lock(&lock);
    call->next = NULL;
    *last = call;
    last = &call->next;
    pthread_cond_signal(&more);
    pthread_mutex_unlock(&lock);
}

// The calling thread's own connection, for reads.
static struct store *reader(void) {
    static __thread struct store *store;
    if (!store) store = store_open(path);
    return store;
}

// Keeps the part of a path between its beginning and its end, if it has both.
static int names(struct call *call, const char *url, const char *beginning, const char *end) {
    size_t skip = strlen(beginning), tail = strlen(end), length = strlen(url);
    if (strncmp(url, beginning, skip) || length <= skip + tail ||
        strcmp(url + length - tail, end) || length - skip - tail >= sizeof call->name)
        return 0;
    memcpy(call->name, url + skip, length - skip - tail);
    return 1;
}

static enum work find_work(struct call *call, const char *url, const char *method) {
    if (!strcmp(method, "POST")) {
        if (!strcmp(url, "/agent/sessions")) return CREATE;
        if (!strcmp(url, "/agent/messages")) return TURN;
        if (!strcmp(url, "/v1/messages")) return ROUTE;
        if (names(call, url, "/v1/inboxes/", "/pull")) return PULL;
        if (names(call, url, "/v1/inboxes/", "/ack")) return ACK;
        if (names(call, url, "/tickets/", "/pricing")) return PRICE;
    } else {
        if (names(call, url, "/api/v1/sessions/", "/history")) return HISTORY;
        if (!strcmp(url, "/api/v1/sessions")) return LIST;
        if (names(call, url, "/v1/agent-inboxes/", "")) return SHOW_INBOX;
        if (!strcmp(url, "/health")) return HEALTH;
    }
    return UNKNOWN;
}

static enum MHD_Result answer(struct MHD_Connection *connection, struct call *call) {
    struct MHD_Response *response = MHD_create_response_from_buffer(
        call->answer.length, call->answer.bytes, MHD_RESPMEM_MUST_FREE);
    call->answer.bytes = NULL;
    MHD_add_response_header(response, "Content-Type", "application/json");
    enum MHD_Result result = MHD_queue_response(connection, call->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result handle(void *unused, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *length, void **context) {
    (void)unused, (void)version;
    struct call *call = *context;
    if (!call) {
        *context = call = calloc(1, sizeof *call);
        call->connection = connection;
        call->work = find_work(call, url, method);
        const char *tenant =
            MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "tenant_id");
        snprintf(call->tenant, sizeof call->tenant, "%s", tenant ? tenant : "default");
        return MHD_YES;
    }
    if (*length) {
        put(&call->body, "%.*s", (int)*length, data);
        *length = 0;
        return MHD_YES;
    }
    if (call->status) return answer(connection, call);
    switch (call->work) {
    case HEALTH:
        call->status = 200;
        put(&call->answer, "{\"status\":\"healthy\"}");
        return answer(connection, call);
    case UNKNOWN:
        call->status = 404;
        put(&call->answer, "{\"error\":\"404\"}");
        return answer(connection, call);
    case HISTORY: case LIST: case SHOW_INBOX:
        store_run(reader(), call);
        return answer(connection, call);
    default:
        MHD_suspend_connection(connection);
        enqueue(call);
        return MHD_YES;
    }
}

static void forget(void *unused, struct MHD_Connection *connection, void **context,
                   enum MHD_RequestTerminationCode end) {
    (void)unused, (void)connection, (void)end;
    struct call *call = *context;
    if (!call) return;
    free(call->body.bytes);
    free(call->answer.bytes);
    free(call);
    *context = NULL;
}

int main(int count, char **words) {
    if (count != 3) return 2;
    path = words[1];
    signal(SIGPIPE, SIG_IGN);
    pthread_t writer;
    pthread_create(&writer, NULL, write_for_ever, NULL);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, atoi(words[2]), NULL, NULL,
        handle, NULL, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)(cores < 2 ? 2 : cores),
        MHD_OPTION_NOTIFY_COMPLETED, forget, NULL, MHD_OPTION_CONNECTION_LIMIT, 1000u,
        MHD_OPTION_END);
    if (!daemon) return 1;
    for (;;) pause();
}
