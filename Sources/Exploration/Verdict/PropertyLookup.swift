import Promela

/// A name that no property of a model has.
public struct UnknownProperty: Error, Hashable, Sendable {
    /// As it was given.
    public var name: String
    /// The names that there are.
    public var known: [String]
}

extension Property {
    /// The properties that a user asks for by their names; nil, for the usual ones, if there are none.
    /// - Parameter givenFormulas: how many of the last formulas were given besides those of the model: they were asked for too.
    public static func named(
        _ names: [String], in program: Program, givenFormulas: Int = 0
    ) throws(UnknownProperty) -> Set<Property>? {
        if names.isEmpty { return nil }
        let all = Property.all(of: program)
        var result: Set<Property> = []
        for name in names {
            // An `ltl` block may be asked for by its own name alone, if that is not the name of something else.
            guard let found = all.first(where: { $0.name(in: program) == name })
                ?? all.first(where: { $0.name(in: program) == "ltl \(name)" || $0.name(in: program) == "never \(name)" })
            else { throw UnknownProperty(name: name, known: all.map { $0.name(in: program) }) }
            result.insert(found)
        }
        for index in program.formulas.indices.suffix(givenFormulas) { result.insert(.claim(.formula(index))) }
        return result
    }
}
