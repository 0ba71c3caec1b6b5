using System.Buffers;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace FitTrack.Api.Leaderboards;

/// <summary>200 with a <see cref="LeaderboardAnswer"/> that is bytes already: nothing is serialised for a request.</summary>
internal sealed class BoardResult(byte[] front, byte[] back) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(LeaderboardAnswer), ["application/json"]));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = front.Length + back.Length;
        response.Headers.CacheControl = "private, no-cache";
        var body = response.BodyWriter;
        body.Write(front);
        body.Write(back);
        var flushed = body.FlushAsync(httpContext.RequestAborted);
        return flushed.IsCompletedSuccessfully ? Task.CompletedTask : flushed.AsTask();
    }
}
