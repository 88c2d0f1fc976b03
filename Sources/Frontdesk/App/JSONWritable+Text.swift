import JSON

extension JSONWritable {
    /// The value as JSON text, for columns that hold JSON.
    var jsonText: String {
        var writer = JSONWriter()
        write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
