/// A field of the header of the shared memory, by its name in `linux/um_timetravel.h`.
public enum SharedField: String, Hashable, Sendable, CaseIterable {
    case version, length = "len", freeUntil = "free_until", currentTime = "current_time", runningClient = "running_id",
        maximumClients = "max_clients"
}

extension SharedSchedule {
    /// Stores a value in a field, cut to the field's size.
    public func store(_ value: UInt64, in field: SharedField) {
        switch field {
        case .version: storeVersion(UInt32(truncatingIfNeeded: value))
        case .length: storeLength(UInt32(truncatingIfNeeded: value))
        case .freeUntil: freeUntil = value
        case .currentTime: currentTime = value
        case .runningClient: runningClient = UInt16(truncatingIfNeeded: value)
        case .maximumClients: storeMaximumClients(UInt16(truncatingIfNeeded: value))
        }
    }
}
