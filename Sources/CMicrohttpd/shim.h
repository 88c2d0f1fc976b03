#pragma once
#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>

// Swift cannot call functions with a variable number of arguments; these are the calls of that
// kind that the server makes, with their arguments written out.

/// What a daemon is started with. It must live as long as the daemon, the texts in it only as long
/// as the start.
struct frontdesk_mhd_settings {
    unsigned int threads;
    unsigned int connections;
    unsigned int connections_per_address;
    size_t memory_per_connection;
    const char *certificate;
    const char *key;
    void *context;
    MHD_AccessHandlerCallback handle;
    MHD_RequestCompletedCallback completed;
    MHD_NotifyConnectionCallback connection;
    void *(*request_line)(void *context, const char *uri, struct MHD_Connection *connection);
    /// Takes one line of the library's own log, without a line break at its end.
    void (*log)(void *context, const char *line);
};

/// Writes a message of the library out and hands it on.
static inline void frontdesk_mhd_format(void *settings, const char *format, va_list arguments) {
    const struct frontdesk_mhd_settings *with = settings;
    char line[512];
    int length = vsnprintf(line, sizeof line, format, arguments);
    if (length < 0) return;
    if ((size_t)length >= sizeof line) length = sizeof line - 1;
    while (length > 0 && line[length - 1] == '\n') line[--length] = 0;
    with->log(with->context, line);
}

/// Leaves escapes in paths and queries as they are: the router decodes each segment itself.
static inline size_t frontdesk_mhd_keep(
    void *context, struct MHD_Connection *connection, char *text) {
    (void)context;
    (void)connection;
    size_t length = 0;
    while (text[length]) length++;
    return length;
}

/// Starts a daemon that gets its connections from frontdesk's own listener; NULL if it cannot.
static inline struct MHD_Daemon *frontdesk_mhd_start(const struct frontdesk_mhd_settings *with) {
    struct MHD_OptionItem options[] = {
        {MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)frontdesk_mhd_format, (void *)with},
        {MHD_OPTION_THREAD_POOL_SIZE, with->threads, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, with->connections, NULL},
        {MHD_OPTION_PER_IP_CONNECTION_LIMIT, with->connections_per_address, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)with->memory_per_connection, NULL},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)with->completed, with->context},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)with->connection, with->context},
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)with->request_line, with->context},
        {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)frontdesk_mhd_keep, NULL},
        {with->key == NULL ? MHD_OPTION_END : MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)with->key},
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)with->certificate},
        {MHD_OPTION_END, 0, NULL},
    };
    unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC |
                         MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ERROR_LOG;
    if (with->key != NULL) flags |= MHD_USE_TLS;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, with->handle, with->context, MHD_OPTION_ARRAY, options,
        MHD_OPTION_END);
}

/// Sets how an answer is sent.
static inline void frontdesk_mhd_set_flags(
    struct MHD_Response *response, enum MHD_ResponseFlags flags) {
    MHD_set_response_options(response, flags, MHD_RO_END);
}

/// The pointer that the connection callback keeps with a connection.
static inline void *frontdesk_mhd_socket_context(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

/// The socket of a connection, -1 if there is none.
static inline int frontdesk_mhd_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == NULL ? -1 : info->connect_fd;
}

/// The address of the client, NULL if it is unknown.
static inline const struct sockaddr *frontdesk_mhd_client_address(
    struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info == NULL ? NULL : info->client_addr;
}

/// The number of bytes that the other end has acknowledged, 0 if the system does not tell. The
/// layout is the kernel's `struct tcp_info`, of which the C library's header knows only the begin.
static inline uint64_t frontdesk_tcp_acknowledged(int socket) {
    struct {
        uint8_t states[8];
        uint32_t numbers[24];
        uint64_t pacing_rate, maximum_pacing_rate, acknowledged;
    } info = {0};
    socklen_t length = sizeof info;
    const int tcp_info = 11;
    if (getsockopt(socket, 6 /* IPPROTO_TCP */, tcp_info, &info, &length) != 0) return 0;
    return length >= sizeof info ? info.acknowledged : 0;
}
