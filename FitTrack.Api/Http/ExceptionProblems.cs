using System.Data.Common;
using System.Text.Json;
using System.Text.RegularExpressions;
using FitTrack.Core.Data;

namespace FitTrack.Api.Http;

/// <summary>Which problem an exception is to the caller. Nothing of an unexpected exception is told.</summary>
internal static partial class ExceptionProblems
{
    public static ApiProblem Describe(HttpContext context, Exception exception) => exception switch
    {
        BadHttpRequestException { InnerException: JsonException json } => Json(context, json),
        BadHttpRequestException bad => BadRequest(context, bad),
        JsonException json => Json(context, json),
        _ when DbErrors.IsUniqueViolation(exception) || DbErrors.IsLostRace(exception) => ApiProblem.For(context, StatusCodes.Status409Conflict, null),
        _ when DbErrors.IsUnavailable(exception) => ApiProblem.For(context, StatusCodes.Status503ServiceUnavailable, null),
        _ when IsUnstorableText(exception) => ApiProblem.For(context, StatusCodes.Status422UnprocessableEntity, "Text must not contain the character U+0000."),
        _ => ApiProblem.For(context, StatusCodes.Status500InternalServerError, null),
    };

    /// <summary>Text that is no JSON is 400. JSON whose value does not fit its field is 422 and names the field.</summary>
    private static ApiProblem Json(HttpContext context, JsonException json)
    {
        if (json.Message.StartsWith("Duplicate property", StringComparison.Ordinal))
            return ApiProblem.For(context, StatusCodes.Status400BadRequest, "The JSON body names a property twice.");

        var field = json.Path is { } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : null;
        var isSyntax = json.InnerException is JsonException || json.Path is null;
        if (isSyntax || field is null)
            return ApiProblem.For(context, StatusCodes.Status400BadRequest, isSyntax ? Malformed(json) : "The JSON body must be of the documented shape.");

        var message = json is UnacceptableValueException own ? own.Message.Split(" Path:")[0] : "The value has the wrong type or is out of range.";
        return ApiProblem.For(context, StatusCodes.Status422UnprocessableEntity, null, [new FieldError(field, message)]);
    }

    private static string Malformed(JsonException json) => json.LineNumber is { } line && json.BytePositionInLine is { } position
        ? $"The body is not well-formed JSON (line {line + 1}, byte {position + 1}) or is nested too deeply."
        : "The body is not well-formed JSON.";

    /// <summary>The framework says what could not be bound in a sentence with our type names; only the parameter's name is passed on.</summary>
    private static ApiProblem BadRequest(HttpContext context, BadHttpRequestException bad)
    {
        if (bad.StatusCode != StatusCodes.Status400BadRequest)
            return ApiProblem.For(context, bad.StatusCode, null);
        if (bad.Message.Contains("from body", StringComparison.Ordinal) || bad.Message.Contains("as JSON", StringComparison.Ordinal)
            || bad.Message.StartsWith("Implicit body", StringComparison.Ordinal))
        {
            return ApiProblem.For(context, StatusCodes.Status400BadRequest, "A JSON body is required.");
        }

        if (Parameter().Match(bad.Message) is { Success: true } match)
        {
            var message = match.Groups["verb"].Value == "Required" ? "A value is required." : "The value is not acceptable.";
            return ApiProblem.For(context, StatusCodes.Status422UnprocessableEntity, null, [new FieldError(NameAsSent(context, match.Groups["name"].Value), message)]);
        }

        return ApiProblem.For(context, StatusCodes.Status400BadRequest, null);
    }

    /// <summary>Parameters of several words are sent in snake_case (<c>per_page</c>).</summary>
    private static string NameAsSent(HttpContext context, string name) => context.Request.Query.ContainsKey(Naming.Snake(name)) ? Naming.Snake(name) : name;

    private static bool IsUnstorableText(Exception exception) =>
        exception is DbException { SqlState: "22021" or "22P05" } || (exception.InnerException is { } inner && IsUnstorableText(inner));

    [GeneratedRegex("""^(?<verb>Required|Failed to bind) parameter "[^"]*?(?<name>[^\s"]+)" """, RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Parameter();
}
