internal import CMicrohttpd
import Glibc

/// The library's threads, between start and stop.
struct Daemon: Sendable {
    /// The daemon as a number, because a pointer is not `Sendable`; the library locks by itself.
    private let handle: UInt
    /// The context as a number: one reference to it is held until `stop`.
    private let context: UInt
    /// The settings as a number: the library calls back with them until `stop`.
    private let settings: UInt

    /// Starts the threads; throws when the library refuses, for instance a certificate.
    init(_ context: ServerContext) throws(ServerError) {
        let kept = Unmanaged.passRetained(context)
        let configuration = context.configuration
        let settings = UnsafeMutablePointer<frontdesk_mhd_settings>.allocate(capacity: 1)
        settings.initialize(to: Self.settings(configuration, kept.toOpaque()))
        let daemon = Self.withTexts(configuration) { certificate, key in
            settings.pointee.certificate = certificate
            settings.pointee.key = key
            return frontdesk_mhd_start(settings)
        }
        guard let daemon else {
            settings.deallocate()
            kept.release()
            throw .cannotStart(
                configuration.certificate == nil
                    ? "the network threads do not start" : "certificate or key are refused")
        }
        handle = UInt(bitPattern: daemon)
        self.context = UInt(bitPattern: kept.toOpaque())
        self.settings = UInt(bitPattern: settings)
    }

    private static func settings(
        _ configuration: Server.Configuration, _ context: UnsafeMutableRawPointer
    ) -> frontdesk_mhd_settings {
        var settings = frontdesk_mhd_settings()
        settings.threads = UInt32(configuration.effectiveThreads)
        // The listener keeps the real limit; this one must not come first on any thread.
        settings.connections = UInt32(configuration.maximumConnections) * 2 + 1024
        settings.connections_per_address = UInt32(
            configuration.maximumConnectionsPerAddress)
        settings.memory_per_connection = configuration.memoryPerConnection
        settings.context = context
        settings.handle = Self.handle
        settings.completed = Self.completed
        settings.connection = Self.connection
        settings.request_line = Self.requestLine
        settings.log = Self.log
        return settings
    }

    private static func withTexts<Result>(
        _ configuration: Server.Configuration,
        _ body: (UnsafePointer<CChar>?, UnsafePointer<CChar>?) -> Result
    ) -> Result {
        guard let certificate = configuration.certificate, let key = configuration.key else {
            return body(nil, nil)
        }
        return certificate.withCString { certificate in
            key.withCString { key in body(certificate, key) }
        }
    }

    /// Gives an accepted connection to one of the threads, which from now on owns its socket.
    func add(_ socket: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) {
        // When it refuses, it has closed the socket and told the log why.
        MHD_add_connection(OpaquePointer(bitPattern: handle), socket, address, length)
    }

    /// Closes all connections, none of which may be parked, and ends the threads.
    func stop() {
        MHD_stop_daemon(OpaquePointer(bitPattern: handle))
        if let pointer = UnsafeRawPointer(bitPattern: context) {
            Unmanaged<ServerContext>.fromOpaque(pointer).release()
        }
        UnsafeMutablePointer<frontdesk_mhd_settings>(bitPattern: settings)?.deallocate()
    }
}

extension Daemon {
    private static let connection: MHD_NotifyConnectionCallback = { context, handle, slot, code in
        guard let context, let handle, let slot else { return }
        if code == .CONNECTION_NOTIFY_STARTED {
            let context = Unmanaged<ServerContext>.fromOpaque(context).takeUnretainedValue()
            let socket = frontdesk_mhd_socket(handle)
            let peer = Address.text(frontdesk_mhd_client_address(handle))
            let client = context.registry.open(handle, socket: socket)
            let connection = Connection(context: context, client: client, peer: peer)
            slot.pointee = Unmanaged.passRetained(connection).toOpaque()
        } else if let kept = slot.pointee {
            Unmanaged<Connection>.fromOpaque(kept).takeRetainedValue().close()
            slot.pointee = nil
        }
    }

    private static let log:
        @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?) -> Void = {
            context, line in
            guard let context, let line else { return }
            let owner = Unmanaged<ServerContext>.fromOpaque(context).takeUnretainedValue()
            owner.configuration.log(String(cString: line))
        }

    private static let requestLine:
        @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, OpaquePointer?) ->
            UnsafeMutableRawPointer? = { _, target, handle in
                guard let target, let handle, let kept = frontdesk_mhd_socket_context(handle) else {
                    return nil
                }
                Unmanaged<Connection>.fromOpaque(kept).takeUnretainedValue().begin(target)
                return kept
            }

    private static let handle: MHD_AccessHandlerCallback = {
        _, handle, path, method, version, upload, size, slot in
        guard let handle, let path, let method, let version, let size, let kept = slot?.pointee
        else { return .NO }
        return Unmanaged<Connection>.fromOpaque(kept).takeUnretainedValue().handle(
            Call(
                connection: handle, path: path, method: method, version: version,
                upload: upload, size: size))
    }

    private static let completed: MHD_RequestCompletedCallback = { _, _, slot, _ in
        guard let kept = slot?.pointee else { return }
        Unmanaged<Connection>.fromOpaque(kept).takeUnretainedValue().end()
        slot?.pointee = nil
    }
}
