/// What a list of mappings is narrowed to.
struct MappingSearch: Sendable {
    var status: Mapping.Status?
    var destinationType: Mapping.DestinationType?
    var ownerTeam: String?
    /// A part of address, description or owner team, in whatever case.
    var text: String?
}
