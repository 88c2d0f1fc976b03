internal import CMicrohttpd
import Glibc

/// The arguments of one call of the library; valid only during that call.
struct Call {
    let connection: OpaquePointer
    /// The path, still percent-encoded.
    let path: UnsafePointer<CChar>
    let method: UnsafePointer<CChar>
    /// `HTTP/1.1`.
    let version: UnsafePointer<CChar>
    /// A piece of the body.
    let upload: UnsafePointer<CChar>?
    /// The length of that piece; set to 0 once it has been taken.
    let size: UnsafeMutablePointer<Int>

    /// The header fields of the request, and what is wrong with them.
    func readHeaders() -> (Headers, HTTPError?) {
        var reader = HeaderReader()
        withUnsafeMutablePointer(to: &reader) { target in
            _ = MHD_get_connection_values_n(
                connection, .HEADER_KIND,
                { target, _, name, nameLength, value, valueLength in
                    let reader = target?.assumingMemoryBound(to: HeaderReader.self)
                    reader?.pointee.add(
                        Self.bytes(name, nameLength), Self.bytes(value, valueLength))
                    return .YES
                }, target)
        }
        return (reader.headers, reader.problem(in: version))
    }

    private static func bytes(
        _ text: UnsafePointer<CChar>?, _ length: Int
    ) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(
            start: UnsafeRawPointer(text)?.assumingMemoryBound(to: UInt8.self),
            count: text == nil ? 0 : length)
    }

    /// Queues an answer; its body is read from `pipe` if there is one.
    func queue(_ response: Response, reading pipe: Pipe?) -> MHD_Result {
        guard let answer = pipe.map(Self.streamed) ?? Self.whole(response.body) else {
            return .NO
        }
        defer { MHD_destroy_response(answer) }
        if pipe != nil, response.headers["Connection"] == "keep-alive" {
            // The library leaves this word out unless told, because it goes without saying.
            frontdesk_mhd_set_flags(answer, .RF_SEND_KEEP_ALIVE_HEADER)
        }
        response.headers.forEachCString { name, value in
            _ = MHD_add_response_header(answer, name, value)
        }
        return MHD_queue_response(connection, UInt32(response.status.code), answer)
    }

    private static func whole(_ body: Response.Body) -> OpaquePointer? {
        switch body {
        case .empty:
            return MHD_create_response_from_buffer(0, nil, .RESPMEM_PERSISTENT)
        case .bytes(let bytes):
            return bytes.withUnsafeBytes { bytes in
                MHD_create_response_from_buffer(
                    bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress),
                    .RESPMEM_MUST_COPY)
            }
        case .stream:
            // The answer to HEAD: the header of a stream whose producer never starts. Without this
            // flag the library would send the last of the chunks that HEAD must not have.
            let answer = MHD_create_response_from_callback(
                UInt64.max, 1024, { _, _, _, _ in -1 }, nil, nil)
            frontdesk_mhd_set_flags(answer, .RF_HTTP_1_0_COMPATIBLE_STRICT)
            return answer
        }
    }

    private static func streamed(_ pipe: Pipe) -> OpaquePointer? {
        let kept = Unmanaged.passRetained(pipe)
        let answer = MHD_create_response_from_callback(
            UInt64.max, 32_768,
            { context, _, target, size in
                guard let context, let target else { return -2 }
                let pipe = Unmanaged<Pipe>.fromOpaque(context).takeUnretainedValue()
                switch pipe.read(into: UnsafeMutableRawBufferPointer(start: target, count: size)) {
                case .bytes(let count): return count
                case .nothingYet: return 0
                case .complete: return -1
                case .failed: return -2
                }
            }, kept.toOpaque(),
            { context in
                guard let context else { return }
                Unmanaged<Pipe>.fromOpaque(context).takeRetainedValue().close()
            })
        if answer == nil { kept.release() }
        return answer
    }
}
