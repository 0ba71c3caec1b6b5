using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace FitTrack.Api.Http;

/// <summary>
/// Problems as return values, so that a handler's signature tells every outcome:
/// <c>Task&lt;Results&lt;Ok&lt;Order&gt;, NotFoundProblem, ConflictProblem&gt;&gt;</c>. Made by <see cref="Problems"/>.
/// </summary>
internal abstract class ProblemResult(int status, string? detail, IReadOnlyList<FieldError>? errors = null, TimeSpan? retryAfter = null, string? type = null) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => status;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (retryAfter is { } wait)
            httpContext.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return ApiProblem.For(httpContext, status, detail, errors, type).WriteAsync(httpContext);
    }

    protected static void Document(EndpointBuilder builder, int status) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ApiProblem), [ApiProblem.ContentType]));
}

internal sealed class BadRequestProblem(string? detail) : ProblemResult(StatusCodes.Status400BadRequest, detail), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Document(builder, StatusCodes.Status400BadRequest);
}

internal sealed class UnauthorizedProblem(string? detail) : ProblemResult(StatusCodes.Status401Unauthorized, detail), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Document(builder, StatusCodes.Status401Unauthorized);
}

internal sealed class ForbiddenProblem(string? detail, string? type = null) : ProblemResult(StatusCodes.Status403Forbidden, detail, type: type), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Document(builder, StatusCodes.Status403Forbidden);
}

internal sealed class NotFoundProblem(string? detail) : ProblemResult(StatusCodes.Status404NotFound, detail), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Document(builder, StatusCodes.Status404NotFound);
}

internal sealed class ConflictProblem(string? detail) : ProblemResult(StatusCodes.Status409Conflict, detail), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Document(builder, StatusCodes.Status409Conflict);
}

internal sealed class PreconditionFailedProblem(string? detail) : ProblemResult(StatusCodes.Status412PreconditionFailed, detail), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Document(builder, StatusCodes.Status412PreconditionFailed);
}

internal sealed class PayloadTooLargeProblem(string? detail) : ProblemResult(StatusCodes.Status413PayloadTooLarge, detail), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Document(builder, StatusCodes.Status413PayloadTooLarge);
}

internal sealed class InvalidProblem(IReadOnlyList<FieldError> errors, string? detail = null)
    : ProblemResult(StatusCodes.Status422UnprocessableEntity, detail, errors), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Document(builder, StatusCodes.Status422UnprocessableEntity);
}

internal sealed class TooManyRequestsProblem(string? detail, TimeSpan retryAfter)
    : ProblemResult(StatusCodes.Status429TooManyRequests, detail, retryAfter: retryAfter), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Document(builder, StatusCodes.Status429TooManyRequests);
}

internal sealed class UnavailableProblem(string? detail, TimeSpan retryAfter)
    : ProblemResult(StatusCodes.Status503ServiceUnavailable, detail, retryAfter: retryAfter), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Document(builder, StatusCodes.Status503ServiceUnavailable);
}

/// <summary>The detail is a sentence for people; without one, the status speaks for itself.</summary>
internal static class Problems
{
    public static BadRequestProblem BadRequest(string detail) => new(detail);

    public static UnauthorizedProblem Unauthorized(string? detail = null) => new(detail);

    public static ForbiddenProblem Forbidden(string? detail = null) => new(detail);

    /// <summary>403 of a kind of its own.</summary>
    public static ForbiddenProblem Forbidden(string detail, string type) => new(detail, type);

    public static NotFoundProblem NotFound(string? detail = null) => new(detail);

    public static ConflictProblem Conflict(string? detail = null) => new(detail);

    public static PreconditionFailedProblem PreconditionFailed(string? detail = null) => new(detail);

    public static PayloadTooLargeProblem PayloadTooLarge(string? detail = null) => new(detail);

    /// <summary>422 about one field, named as it is sent.</summary>
    public static InvalidProblem Invalid(string field, string message) => new([new FieldError(field, message)]);

    public static InvalidProblem Invalid(IEnumerable<FieldError> errors) => new([.. errors]);

    /// <summary>422 that is about no field, such as an idempotency key used for something else.</summary>
    public static InvalidProblem Unprocessable(string detail) => new([], detail);

    public static TooManyRequestsProblem TooManyRequests(string detail, TimeSpan retryAfter) => new(detail, retryAfter);

    public static UnavailableProblem Unavailable(TimeSpan retryAfter, string? detail = null) => new(detail, retryAfter);
}
