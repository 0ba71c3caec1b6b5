using System.Globalization;
using System.Reflection;

namespace FitTrack.Api.Http;

/// <summary>Documents <c>page</c> and <c>per_page</c> of an endpoint that reads them through <see cref="ListRequest.Page"/>.</summary>
internal sealed record PageMetadata(int DefaultPerPage);

/// <summary>The query parameters of a list, read leniently (a handler's parameter) and judged by the list's <see cref="ListSpec{T}"/>.</summary>
internal sealed class ListRequest(IQueryCollection query)
{
    public const int DefaultPerPage = 20;
    private const int MaxPerPage = 100;
    private const int MaxPage = 1_000_000;

    public static ValueTask<ListRequest?> BindAsync(HttpContext context, ParameterInfo _) => new(new ListRequest(context.Request.Query));

    /// <summary>Page from 1, and items a page.</summary>
    public (int Page, int PerPage) Page(List<FieldError> errors, int defaultPerPage = DefaultPerPage) =>
        (Number("page", 1, MaxPage, errors), Number("per_page", defaultPerPage, MaxPerPage, errors));

    public string[] Sort(string defaultSort)
    {
        var asked = query["sort"].ToString();
        return (asked.Length > 0 ? asked : defaultSort).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>Field and text of each <c>filter[field]=text</c>.</summary>
    public IEnumerable<(string Field, string Text)> Filters(List<FieldError> errors)
    {
        foreach (var (name, values) in query)
        {
            if (!name.StartsWith("filter", StringComparison.Ordinal))
                continue;
            if (!name.StartsWith("filter[", StringComparison.Ordinal) || !name.EndsWith(']'))
                errors.Add(new FieldError(name, "Filters are written filter[field]=value."));
            else if (values.Count != 1)
                errors.Add(new FieldError(name, "A filter can be given once."));
            else
                yield return (name[7..^1], values.ToString());
        }
    }

    private int Number(string name, int fallback, int max, List<FieldError> errors)
    {
        if (!query.TryGetValue(name, out var text))
            return fallback;
        if (int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max)
            return number;
        errors.Add(new FieldError(name, $"The value must be a whole number from 1 to {max}."));
        return fallback;
    }
}
