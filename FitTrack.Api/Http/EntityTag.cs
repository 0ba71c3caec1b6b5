using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace FitTrack.Api.Http;

/// <summary>The version of a resource as its <c>ETag</c>: strong, quotes included.</summary>
internal readonly record struct EntityTag(string Value)
{
    public static EntityTag Of(long version) => new(string.Create(CultureInfo.InvariantCulture, $"\"{version}\""));

    /// <summary>For resources without a version: when they last changed, to the microsecond.</summary>
    public static EntityTag Of(DateTimeOffset updatedAt) => new(string.Create(CultureInfo.InvariantCulture, $"\"{updatedAt.UtcTicks / TimeSpan.TicksPerMicrosecond:x}\""));

    public override string ToString() => Value;
}

/// <summary>Marks an endpoint that honours <c>If-Match</c>, for the documentation.</summary>
internal sealed record ConditionalMetadata;

/// <summary>The <c>If-Match</c> of a request, as a handler's parameter. Without the header everything is allowed.</summary>
internal readonly record struct IfMatch(IList<EntityTagHeaderValue>? Tags) : IEndpointParameterMetadataProvider
{
    public static ValueTask<IfMatch> BindAsync(HttpContext context, ParameterInfo _) => new(new IfMatch(context.Request.GetTypedHeaders().IfMatch is { Count: > 0 } tags ? tags : Unreadable(context)));

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new ConditionalMetadata());

    /// <summary>Whether the caller may change the resource at this version. The write itself must still be conditional on the version.</summary>
    public bool Allows(EntityTag current)
    {
        if (Tags is null)
            return true;
        var mine = new EntityTagHeaderValue(current.Value);
        return Tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(mine, useStrongComparison: true));
    }

    /// <summary>A header that is there and cannot be read names a version that does not exist.</summary>
    private static IList<EntityTagHeaderValue>? Unreadable(HttpContext context) => context.Request.Headers.IfMatch.Count > 0 ? [] : null;
}

/// <summary>200 with an <c>ETag</c>, or 304 where <c>If-None-Match</c> names it. Made by <see cref="Tagged.Ok"/>.</summary>
internal sealed class TaggedResult<T>(T value, EntityTag tag) : IResult, IValueHttpResult<T>, IEndpointMetadataProvider
{
    public T Value => value;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.ETag = tag.Value;
        response.Headers.CacheControl = "private, no-cache";
        if (!IsKnown(httpContext.Request))
            return response.WriteAsJsonAsync(value, httpContext.RequestAborted);
        response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));

    private bool IsKnown(HttpRequest request)
    {
        if (request.Headers.IfNoneMatch.Count == 0 || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)))
            return false;
        var mine = new EntityTagHeaderValue(tag.Value);
        return request.GetTypedHeaders().IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(mine, useStrongComparison: false));
    }
}

internal static class Tagged
{
    /// <summary>The resource with its version; also the answer of a PUT or PATCH, with the new one.</summary>
    public static TaggedResult<T> Ok<T>(T value, EntityTag tag) => new(value, tag);
}
