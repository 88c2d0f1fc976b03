import JSON

extension Setting {
    /// The keys of `tickets`, with their limits.
    static let tickets: [Setting] = [
        .choice("tickets.source", \.tickets.source),
        .merged("tickets.mcp", \.tickets.mcp, read: Upstream.json, merge: Upstream.merge),
        .elementary("tickets.currency", \.tickets.currency, "the code of a currency with cents") {
            $0.string.flatMap { Currency.withCents.contains($0) ? $0 : nil }
        } write: {
            .string($0)
        },
        .elementary("tickets.time_zone", \.tickets.zone, "the name of a time zone") {
            $0.string.flatMap(VenueZone.init)
        } write: {
            .string($0.name)
        },
        .integer("tickets.lead_days", \.tickets.leadDays, 0...365),
        .integers("tickets.blackout_days", \.tickets.blackoutDays, 1...31),
        .elements(
            "tickets.blackout_dates", \.tickets.blackoutDates, "days such as '2026-12-24'",
            read: { $0.string.flatMap { CalendarDay(parsing: $0) } },
            write: { .string($0.text) }),
        .integer("tickets.quote_minutes", \.tickets.quoteMinutes, 1...10_080),
        .integer("tickets.order_hours", \.tickets.orderHours, 1...8760),
        .flag("tickets.advice", \.tickets.advice),
        .merged(
            "tickets.matrix", \.tickets.matrix, read: TicketSettings.json,
            merge: TicketSettings.merge),
        .merged(
            "tickets.factors", \.tickets.factors, read: TicketSettings.json,
            merge: TicketSettings.merge),
        .elements(
            "tickets.peak_windows", \.tickets.peakWindows, "windows such as '12-20/12-31'",
            read: { $0.string.flatMap(YearlyWindow.init) }, write: { .string($0.text) }),
        .words("tickets.weekend_days", \.tickets.weekendDays),
        .words("tickets.off_peak_days", \.tickets.offPeakDays),
        .integers("tickets.off_peak_months", \.tickets.offPeakMonths, 1...12),
        .merged(
            "tickets.tiers", \.tickets.tiers, read: TicketSettings.json,
            merge: TicketSettings.merge),
    ]

    /// One value that `read` recognises.
    private static func elementary<Value: Sendable>(
        _ name: String, _ path: Path<Value>, _ kind: String,
        read: @escaping @Sendable (JSONValue) -> Value?,
        write json: @escaping @Sendable (Value) -> JSONValue
    ) -> Setting {
        Setting(
            name: name, read: { json($0[keyPath: path]) },
            write: { (configuration, value) throws(Problem) in
                guard let value = read(value) else { throw Problem(text: "must be \(kind)") }
                configuration[keyPath: path] = value
            },
            parse: { .string($0) })
    }
}

// MARK: - Prices

extension TicketSettings {
    private typealias Row = [UpgradeTier: Int]

    /// The matrix as the file holds it; a cell that only the defaults have is `null`.
    @Sendable fileprivate static func json(_ matrix: [TicketType: [UpgradeTier: Int]]) -> JSONValue
    {
        let usual = TicketSettings().matrix
        var object = JSONObject()
        for type in TicketType.allCases {
            var row = JSONObject()
            for tier in UpgradeTier.allCases {
                if let cents = matrix[type]?[tier] {
                    row[tier.rawValue] = JSONValue(cents: cents)
                } else if usual[type]?[tier] != nil {
                    row[tier.rawValue] = .null
                }
            }
            object[type.rawValue] = .object(row)
        }
        return .object(object)
    }

    @Sendable fileprivate static func merge(
        _ matrix: inout [TicketType: [UpgradeTier: Int]], _ object: JSONObject
    ) throws(Setting.Problem) {
        for member in object.members {
            guard let type = TicketType(rawValue: member.key), let row = member.value.object else {
                throw unknown(member.key, TicketType.self, "with an object each")
            }
            for cell in row.members {
                guard let tier = UpgradeTier(rawValue: cell.key) else {
                    throw unknown("\(member.key).\(cell.key)", UpgradeTier.self, "below each type")
                }
                if cell.value.isNull {
                    matrix[type]?[tier] = nil
                    continue
                }
                guard let cents = cell.value.cents, (1...1_000_000).contains(cents) else {
                    throw Setting.Problem(
                        text: "must hold prices from 0.01 to 10000 with at most two decimals, "
                            + "or null, also at '\(type.rawValue).\(tier.rawValue)'")
                }
                matrix[type, default: [:]][tier] = cents
            }
        }
    }

    @Sendable fileprivate static func json(_ factors: [PriceCategory: Factor]) -> JSONValue {
        var object = JSONObject()
        for category in PriceCategory.allCases {
            object[category.rawValue] = factors[category]?.json
        }
        return .object(object)
    }

    @Sendable fileprivate static func merge(
        _ factors: inout [PriceCategory: Factor], _ object: JSONObject
    ) throws(Setting.Problem) {
        for member in object.members {
            guard let category = PriceCategory(rawValue: member.key) else {
                throw unknown(member.key, PriceCategory.self)
            }
            guard case .number(let number) = member.value,
                let value = Money.whole(number.text, decimals: 4), Factor.range.contains(value)
            else {
                throw Setting.Problem(
                    text: "must hold factors from 0.0001 to 100 with at most four decimals, "
                        + "also at '\(category.rawValue)'")
            }
            factors[category] = Factor(tenThousandths: value)
        }
    }

    private static func unknown<Word: RawRepresentable<String> & CaseIterable>(
        _ key: String, _ type: Word.Type, _ rest: String = ""
    ) -> Setting.Problem {
        let words = Word.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        let end = rest.isEmpty ? "" : " \(rest)"
        return Setting.Problem(text: "must hold only \(words)\(end), not '\(key)'")
    }
}

// MARK: - Texts

extension TicketSettings {
    @Sendable fileprivate static func json(_ tiers: [UpgradeTier: TierText]) -> JSONValue {
        var object = JSONObject()
        for tier in UpgradeTier.allCases {
            guard let text = tiers[tier] else { continue }
            object[tier.rawValue] = [
                "name": .string(text.name), "description": .string(text.description),
                "features": .array(text.features.map { .string($0) }),
            ]
        }
        return .object(object)
    }

    @Sendable fileprivate static func merge(
        _ tiers: inout [UpgradeTier: TierText], _ object: JSONObject
    ) throws(Setting.Problem) {
        for member in object.members {
            guard let tier = UpgradeTier(rawValue: member.key), let fields = member.value.object
            else { throw unknown(member.key, UpgradeTier.self, "with an object each") }
            var text = tiers[tier] ?? TierText(name: "", description: "", features: [])
            for field in fields.members {
                try merge(&text, field, at: "\(member.key).\(field.key)")
            }
            tiers[tier] = text
        }
        if Set(tiers.values.map { UpgradeTier.key($0.name) }).count < tiers.count {
            throw Setting.Problem(text: "must hold names that differ")
        }
        for (tier, text) in tiers {
            // The id would be found first, and the name mean another tier than it says.
            let owner = UpgradeTier.allCases.first {
                UpgradeTier.key($0.rawValue) == UpgradeTier.key(text.name)
            }
            if let owner, owner != tier {
                throw Setting.Problem(
                    text: "must not name '\(tier.rawValue)' by the id of '\(owner.rawValue)'")
            }
        }
    }

    private static func merge(
        _ text: inout TierText, _ field: JSONObject.Member, at place: String
    ) throws(Setting.Problem) {
        func words(_ value: JSONValue, upTo limit: Int) -> String? {
            guard let text = value.string, (1...limit).contains(text.unicodeScalars.count),
                !text.unicodeScalars.contains(where: { $0.value < 32 })
            else { return nil }
            return text
        }
        switch field.key {
        case "name":
            if let name = words(field.value, upTo: 100) { return text.name = name }
        case "description":
            if let line = words(field.value, upTo: 500) { return text.description = line }
        case "features":
            let labels = (field.value.array ?? [nil]).map { words($0, upTo: 100) }
            if labels.count <= 50, !labels.contains(nil) {
                return text.features = labels.compactMap(\.self)
            }
        default:
            throw Setting.Problem(
                text: "must hold only 'name', 'description' and 'features', not '\(place)'")
        }
        throw Setting.Problem(
            text: "must hold a name of 1 to 100 characters, a description of 1 to 500 and up to "
                + "50 features of 1 to 100, also at '\(place)'")
    }
}
