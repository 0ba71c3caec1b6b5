using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace FitTrack.Api.Http;

/// <summary>One page of a list.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, Pagination Pagination);

/// <param name="Page">From 1.</param>
/// <param name="PerPage">1 to 100.</param>
/// <param name="Total">Items on all pages.</param>
/// <param name="TotalPages">0 when there are no items.</param>
public sealed record Pagination(int Page, int PerPage, long Total, long TotalPages)
{
    internal static Pagination Of(int page, int perPage, long total) => new(page, perPage, total, (total + perPage - 1) / perPage);
}

/// <summary>200 with a page and its total in <c>X-Total-Count</c>.</summary>
internal sealed class PageResult<T>(Page<T> page) : IResult, IStatusCodeHttpResult, IValueHttpResult<Page<T>>, IEndpointMetadataProvider
{
    public int? StatusCode => StatusCodes.Status200OK;

    public Page<T> Value => page;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers["X-Total-Count"] = page.Pagination.Total.ToString(CultureInfo.InvariantCulture);
        return httpContext.Response.WriteAsJsonAsync(page, httpContext.RequestAborted);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(Page<T>), ["application/json"]));
}
