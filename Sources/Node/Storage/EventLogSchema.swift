internal import GRDB

/// The tables. Statements and log blocks cannot be changed or deleted, not even by a bug of ours;
/// records may be deleted when their slot is settled.
enum EventLogSchema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            for statement in versionOne { try database.execute(sql: statement) }
        }
        // SQLite notices damage to its pages' structure, not to what they hold.
        migrator.registerMigration("2") { database in
            for table in ["record", "statement", "log_block"] {
                try database.execute(sql: "ALTER TABLE \(table) ADD COLUMN checksum BLOB")
            }
        }
        return migrator
    }()

    private static let versionOne = [
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL)",
        """
        CREATE TABLE record (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL,
            key BLOB NOT NULL, value BLOB NOT NULL, UNIQUE (kind, key))
        """,
        """
        CREATE TABLE statement (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, duty BLOB NOT NULL UNIQUE,
            content BLOB NOT NULL)
        """,
        "CREATE TABLE log_block (height INTEGER PRIMARY KEY, content BLOB NOT NULL)",
        unchangeable("record", by: "UPDATE"),
        unchangeable("statement", by: "UPDATE"), unchangeable("statement", by: "DELETE"),
        unchangeable("log_block", by: "UPDATE"), unchangeable("log_block", by: "DELETE"),
    ]

    private static func unchangeable(_ table: String, by verb: String) -> String {
        """
        CREATE TRIGGER \(table)_no_\(verb.lowercased()) BEFORE \(verb) ON \(table)
        BEGIN SELECT RAISE(ABORT, 'this table is append-only'); END
        """
    }
}
