import Foundation
@testable import Frontdesk
import JSON
@testable import MCP
import Synchronization

/// What a reply came to.
private struct Outcome: Equatable {
    /// The result, nil when there is none.
    var result: JSONObject?
    /// What is thrown instead.
    var error: String?
    /// How many messages stood beside it.
    var asides = 0
}

/// The same comes of a stream wherever it is cut, and of an object alone or as an event.
func readReply(_ bytes: [UInt8], number: Int) {
    let whole = streamed([bytes])
    expectSame(streamed(pieces(of: bytes, number + 1)), whole, "a cut made another reply")
    let body = outcome { reader in try reader.whole(bytes) }
    guard let value = try? JSONValue(parsing: bytes), value.object != nil else { return }
    let event = streamed([Array("data: ".utf8) + value.bytes + Array("\n\n".utf8)])
    expectSame(event.result, body.result, "another result as an event")
    expectSame(event.asides, body.asides, "other asides as an event")
    if let result = body.result {
        let call = CallResult(result)
        _ = (call.isError, call.texts, call.payload)
    }
}

/// What a stream in these pieces comes to.
private func streamed(_ pieces: [[UInt8]]) -> Outcome {
    outcome { reader in
        for piece in pieces {
            if let result = try reader.take(piece) { return result }
        }
        throw reader.lack
    }
}

/// What `read` makes of an answer to request 1.
private func outcome(_ read: (inout ReplyReader) throws -> JSONObject) -> Outcome {
    let asides = Mutex(0)
    var reader = ReplyReader(id: 1, status: 200) { _ in asides.withLock { $0 += 1 } }
    var outcome = Outcome()
    do { outcome.result = try read(&reader) } catch { outcome.error = "\(error)" }
    outcome.asides = asides.withLock { $0 }
    return outcome
}

/// Whatever a tool and its arguments are called, the header fields are clean, and lose nothing.
func readTool(_ bytes: [UInt8]) {
    guard let value = try? JSONValue(parsing: bytes, maximumDepth: 32) else { return }
    do throws(MCP.Tool.Flaw) {
        let tool = try MCP.Tool(value)
        _ = (tool.argumentNames, tool.requiredNames, tool.isRepeatable)
        for (name, value) in tool.headers(for: value["arguments"]?.object ?? JSONObject()) {
            precondition(
                (name + value).utf8.allSatisfy { (0x20...0x7E).contains($0) },
                "a header field that cannot be sent")
        }
    } catch {
        precondition(!error.text.isEmpty, "refused without a word")
    }
    if let text = value["name"]?.string { expectSame(plain(headerValue(text)), text, "lost") }
}

/// What a receiver reads in a header field.
private func plain(_ field: String) -> String? {
    guard field.hasPrefix("=?base64?"), field.hasSuffix("?=") else { return field }
    let words = field.dropFirst(9).dropLast(2)
    return Data(base64Encoded: String(words)).flatMap { String(bytes: $0, encoding: .utf8) }
}

/// A request is read or refused with a message that is one.
func readRequest(_ bytes: [UInt8]) {
    do throws(RPCError) {
        let request = try RPCRequest(bytes)
        precondition(
            request.id == nil || request.id?.string != nil || request.id?.int != nil,
            "an id that cannot be repeated")
        _ = (request.isNotification, request.meta)
    } catch {
        guard let json = try? JSONValue(parsing: error.json.bytes) else {
            fatalError("the refusal is no JSON")
        }
        expectSame(json["error"]?["code"]?.int, error.code.rawValue, "another code")
        precondition(json["id"] != nil && json["error"]?["message"]?.string?.isEmpty == false)
    }
}
