namespace FitTrack.Api.Http;

/// <summary>
/// Where the framework itself writes problem details, above all its validation filter (400 with a PascalCase dictionary),
/// they come out as ours: 422 with a list.
/// </summary>
internal sealed class ProblemDetailsAdapter : IProblemDetailsService
{
    public async ValueTask WriteAsync(ProblemDetailsContext context) => await TryWriteAsync(context);

    public async ValueTask<bool> TryWriteAsync(ProblemDetailsContext context)
    {
        if (context.HttpContext.Response.HasStarted)
            return false;
        await Translate(context).WriteAsync(context.HttpContext);
        return true;
    }

    private static ApiProblem Translate(ProblemDetailsContext context) => context.ProblemDetails is HttpValidationProblemDetails invalid
        ? ApiProblem.For(context.HttpContext, StatusCodes.Status422UnprocessableEntity, null, [.. FieldErrors(invalid.Errors)])
        : ApiProblem.For(context.HttpContext, context.ProblemDetails.Status ?? context.HttpContext.Response.StatusCode, context.ProblemDetails.Detail);

    private static IEnumerable<FieldError> FieldErrors(IDictionary<string, string[]> errors) =>
        from error in errors
        from message in error.Value
        select new FieldError(CamelCasePath(error.Key), message);

    /// <summary><c>Prizes[0].SponsorId</c> → <c>prizes[0].sponsorId</c></summary>
    internal static string CamelCasePath(string path) =>
        string.Join('.', path.Split('.').Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName));
}
