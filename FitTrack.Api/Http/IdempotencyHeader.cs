using System.Reflection;
using FitTrack.Core.Data;
using Microsoft.AspNetCore.Http.Metadata;

namespace FitTrack.Api.Http;

/// <summary>
/// The <c>Idempotency-Key</c> of a request, as a handler's parameter, for use cases that remember the answer in their own transaction
/// (<see cref="Idempotency"/>). Other handlers are wrapped with <see cref="IdempotentEndpoints.Idempotent{TBuilder}"/>.
/// </summary>
internal readonly record struct IdempotencyHeader(string? Key) : IEndpointParameterMetadataProvider
{
    public const string Name = "Idempotency-Key";

    public static ValueTask<IdempotencyHeader> BindAsync(HttpContext context, ParameterInfo _) =>
        new(new IdempotencyHeader(context.Request.Headers.TryGetValue(Name, out var key) ? key.ToString() : null));

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new IdempotentMetadata());

    /// <summary>Null when no key was sent; 422 for a key that cannot be one.</summary>
    public InvalidProblem? Error => Key is null || (Key.Length is > 0 and <= IdempotencyKey.MaxKeyLength && Key.All(c => c is > ' ' and <= '~'))
        ? null
        : Problems.Invalid(Name, $"The key must be 1 to {IdempotencyKey.MaxKeyLength} visible ASCII characters without spaces.");

    /// <summary>What the use case is to remember; null when no key was sent.</summary>
    /// <param name="userId">The member; keys of two members have nothing to do with each other.</param>
    /// <param name="request">The operation and every value that makes the request what it is.</param>
    public IdempotentRequest? For(Guid userId, params ReadOnlySpan<string> request) =>
        Key is null ? null : new IdempotentRequest(userId, Key, Idempotency.Hash(request));

    /// <summary>422: the key was used for something else.</summary>
    public static InvalidProblem UsedForSomethingElse() => Problems.Unprocessable("This idempotency key was used for a different request.");
}
