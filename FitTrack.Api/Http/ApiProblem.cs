using System.Net.Mime;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace FitTrack.Api.Http;

/// <summary>What every answer that is not a success looks like (RFC 9457), as <c>application/problem+json</c>.</summary>
/// <param name="Type">A link to the meaning of the status, or a name of its own (<c>urn:fittrack:...</c>) for a problem that programs are to tell apart.</param>
/// <param name="Title">The status in words; the same for every problem of that status.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What went wrong this time, in a sentence that may be shown to a person.</param>
/// <param name="TraceId">Finds the request in logs and traces.</param>
/// <param name="Errors">With status 422: what is wrong with which field.</param>
public sealed record ApiProblem(
    string Type,
    string Title,
    int Status,
    string Detail,
    string TraceId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FieldError>? Errors)
{
    internal const string ContentType = MediaTypeNames.Application.ProblemJson;

    internal static ApiProblem For(HttpContext context, int status, string? detail, IReadOnlyList<FieldError>? errors = null, string? type = null) =>
        new(type ?? Meaning(status), ReasonPhrases.GetReasonPhrase(status), status, detail ?? DefaultDetail(status), context.TraceIdentifier, errors);

    internal Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(this, options: null, ContentType, context.RequestAborted);
    }

    private static string Meaning(int status) => status switch
    {
        428 or 429 or 431 => $"https://www.rfc-editor.org/rfc/rfc6585#section-{status switch { 428 => 3, 429 => 4, _ => 5 }}",
        >= 400 and <= 417 => $"https://www.rfc-editor.org/rfc/rfc9110#section-15.5.{status - 399}",
        421 or 422 => $"https://www.rfc-editor.org/rfc/rfc9110#section-15.5.{status - 401}",
        >= 500 and <= 505 => $"https://www.rfc-editor.org/rfc/rfc9110#section-15.6.{status - 499}",
        _ => "about:blank",
    };

    private static string DefaultDetail(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "The request could not be understood.",
        StatusCodes.Status401Unauthorized => "Authentication required",
        StatusCodes.Status403Forbidden => "Insufficient permissions",
        StatusCodes.Status404NotFound => "There is nothing here.",
        StatusCodes.Status405MethodNotAllowed => "This address does not take that method.",
        StatusCodes.Status409Conflict => "The request conflicts with what was stored in the meantime. Read again, then try again.",
        StatusCodes.Status412PreconditionFailed => "It was changed in the meantime. Read it again, then try again.",
        StatusCodes.Status413PayloadTooLarge => "The body is larger than this address accepts.",
        StatusCodes.Status415UnsupportedMediaType => "The body has a media type that this operation does not take.",
        StatusCodes.Status422UnprocessableEntity => "One or more fields are not acceptable.",
        StatusCodes.Status429TooManyRequests => "Too many requests. Try again later.",
        StatusCodes.Status504GatewayTimeout => "The answer took too long. Try again, or ask for less.",
        StatusCodes.Status503ServiceUnavailable => "The service is not available at the moment. Try again shortly.",
        >= 500 => "Something went wrong on our side. It was recorded under the trace id.",
        _ => "The request cannot be answered.",
    };
}

/// <param name="Field">The field as it is sent: camelCase, with a path for nested ones (<c>prizes[0].rank</c>), or a query parameter's name.</param>
/// <param name="Message">What is wrong with it, for people.</param>
public sealed record FieldError(string Field, string Message);
