/// Yes, no, and the wish to stop.
extension Utterance {
    private static let courtesy = Concepts(
        .yes, .filler, .opener, .greeting, .thanks, .praise, .it, .order, .orderNumber)

    /// Whether it says yes and nothing else: no "but", no other order, no doubt.
    func agrees(to dialogue: Dialogue) -> Bool {
        guard saysYes, !has(any: Concepts(.no, .stop, .unsure)), !closing.contains(.question),
            !words.contains(where: { Utterance.reservations.contains($0.key) }),
            orders(isTopic: true).allSatisfy(dialogue.orders.contains)
        else { return false }
        return isOnly(Utterance.courtesy.union(dialogue.form.echo))
    }

    /// Whether it takes what was offered, as in "order it".
    func books(_ dialogue: Dialogue) -> Bool {
        has(.booking) && dialogue.form.echo.has(.booking)
            && isOnly(Utterance.courtesy.union(dialogue.form.echo))
    }

    /// Whether there is a yes in it, as a word or as a sign.
    var saysYes: Bool {
        if closing.contains(.refusal) { return false }
        return has(.yes) || closing.contains(.approval)
    }

    /// Whether it says no.
    var declines: Bool {
        if words.isEmpty { return closing.contains(.refusal) }
        guard let index = index(of: .no) else { return false }
        return !has(.yes) && index <= head + 2
    }

    private static let reservations: Set<String> = [
        "but", "wait", "except", "however", "unless", "only", "not", "maybe", "perhaps", "if",
        "hold", "later",
    ]

    /// Whether it drops the open dialogue, or says that nothing is wanted.
    func stops(_ dialogue: Dialogue?) -> Bool {
        if let mark = mark(.stop),
            mark.words.lowerBound <= head || mark.words.upperBound == head
        {
            // "Never mind, where is ORD-…" asks for something else.
            return Intent.clear(in: self) == nil
        }
        guard mentions.isEmpty else { return false }
        let small = Concepts(.filler, .opener, .thanks, .it, .no, .yes, .goodbye)
        if has(.leave), isOnly(small.union(Concepts(.leave))) { return true }
        guard let dialogue, dialogue.question != .nothing, has(.cancelWish), !has(.yes) else {
            return false
        }
        // "Cancel it" may mean the order that was just asked about; only "cancel" alone drops that.
        if has(.it), dialogue.question == .consent, dialogue.form.echo.has(.cancel) { return false }
        return isOnly(small.union(Concepts(.cancelWish)))
    }
}
