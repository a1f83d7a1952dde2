import Glibc

/// What a process may be started with in place of a terminal.
enum StandardStreams {
    /// Takes the places of closed standard streams, so that no database or socket gets the number
    /// of one and is then written into; what stands there fails every use, as the closed one did. A
    /// reader that goes away (`| head`) is an error of `write`, not the end of a node; so is a file
    /// that reaches a limit of its size.
    static func guardThem() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest free number is this one.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
