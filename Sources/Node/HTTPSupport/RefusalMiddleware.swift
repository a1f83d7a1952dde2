package import Hummingbird

/// What a server answers when something goes wrong: always JSON with a reason.
package protocol Refusals: Sendable {
    /// Of what a route threw: nil where it is none of the server's own refusals.
    static func answer(to error: any Error) -> Response?
    static func notFound(_ detail: String) -> Response
    static func malformed(_ detail: String, status: HTTPResponse.Status) -> Response
    static func fault(_ detail: String) -> Response
}

/// Whatever goes wrong is answered by `Answers`, also what no route knows.
package struct RefusalMiddleware<Answers: Refusals, Context: RequestContext>: RouterMiddleware {
    package init() {}

    @concurrent package func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            return Answers.notFound("there is no \(request.method) \(request.uri.path)")
        } catch let error as HTTPError {
            return Answers.malformed(
                error.body ?? error.status.reasonPhrase, status: error.status)
        } catch {
            return Answers.answer(to: error) ?? Answers.fault("\(error)")
        }
    }
}
