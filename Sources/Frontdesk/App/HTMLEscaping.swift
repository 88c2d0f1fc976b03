extension String {
    /// Appends characters so that HTML shows them as they are, in a text or an attribute.
    mutating func append(escapingForHTML scalars: String.UnicodeScalarView) {
        for scalar in scalars {
            switch scalar {
            case "&": self += "&amp;"
            case "<": self += "&lt;"
            case ">": self += "&gt;"
            case "\"": self += "&quot;"
            case "'": self += "&#39;"
            default: unicodeScalars.append(scalar)
            }
        }
    }
}
