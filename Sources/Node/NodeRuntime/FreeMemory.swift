internal import CMalloc

/// What the allocator keeps of memory that was freed.
enum FreeMemory {
    /// Gives it back to the system, in some hundredths of a second. A proof leaves hundreds of
    /// megabytes of free pages behind, which a node would hold until its next one.
    static func giveBack() { malloc_trim(0) }
}
