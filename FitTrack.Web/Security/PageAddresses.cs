using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;

namespace FitTrack.Web.Security;

/// <summary>Whoever writes nonsense into a page's address, such as <c>?page=abc</c>, sees the page without it; Blazor would answer 500.</summary>
internal static class PageAddresses
{
    private static readonly ConcurrentDictionary<Type, List<(string Name, Type Type)>> Known = new();

    /// <summary>Call it after routing.</summary>
    public static void UsePageAddresses(this WebApplication app) => app.Use(static (HttpContext context, RequestDelegate next) =>
    {
        var query = context.Request.Query;
        if (query.Count > 0 && context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is { } page)
        {
            var nonsense = Known.GetOrAdd(page.Type, ParametersOf).Where(p => query.TryGetValue(p.Name, out var values) && !CanRead(p.Type, values[0])).Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            if (nonsense.Count > 0)
                context.Request.QueryString = QueryString.Create(query.Where(q => !nonsense.Contains(q.Key)));
        }

        return next(context);
    });

    private static List<(string Name, Type Type)> ParametersOf(Type page) =>
    [
        .. from property in page.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
           let parameter = property.GetCustomAttribute<SupplyParameterFromQueryAttribute>()
           where parameter is not null
           select (parameter.Name ?? property.Name, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType),
    ];

    private static bool CanRead(Type type, string? text) =>
        type == typeof(int) ? int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
        : type == typeof(DateOnly) ? DateOnly.TryParse(text, CultureInfo.InvariantCulture, out _)
        : type == typeof(Guid) ? Guid.TryParse(text, CultureInfo.InvariantCulture, out _)
        : type != typeof(bool) || bool.TryParse(text, out _);
}
