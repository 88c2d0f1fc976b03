internal import CCurl

/// How long a server asks to wait, as its `Retry-After` says it.
public enum RetryAfter {
    /// The seconds from `now`, in seconds since 1970, that a field's text stands for: a number of
    /// seconds or a moment. Nil for neither, and for no field.
    public static func seconds(_ field: String?, now: Double) -> Double? {
        guard let field else { return nil }
        let text = field.split(separator: " ", omittingEmptySubsequences: true).joined(
            separator: " ")
        if let seconds = Double(text) { return seconds.isFinite && seconds >= 0 ? seconds : nil }
        let moment = curl_getdate(text, nil)
        return moment < 0 ? nil : max(0, Double(moment) - now)
    }
}
