using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Data;

/// <summary>One attempt of a member to do something once: who, the key they chose, and what exactly they asked for.</summary>
/// <param name="UserId">Keys belong to a member; two members may choose the same text.</param>
/// <param name="Key">1 to 200 visible ASCII characters.</param>
/// <param name="RequestHash">SHA-256 in lower-case hex, from <see cref="Idempotency.Hash"/>: the same key with another hash is refused.</param>
public sealed record IdempotentRequest(Guid UserId, string Key, string RequestHash);

/// <summary>The first answer given under a key, kept for 24 hours and given again to every repetition.</summary>
public sealed class IdempotencyKey
{
    public const int MaxKeyLength = 200;
    public const int MaxBodyLength = 65_536;

    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private IdempotencyKey()
    {
    }

    public Guid UserId { get; private init; }

    public string Key { get; private init; } = "";

    public string RequestHash { get; private init; } = "";

    public int StatusCode { get; private init; }

    /// <summary>JSON; null where the answer had no body.</summary>
    public string? ResponseBody { get; private init; }

    public string? Location { get; private init; }

    public DateTimeOffset CreatedAt { get; private init; }

    public DateTimeOffset ExpiresAt { get; private init; }

    /// <exception cref="ArgumentException">The answer is longer than <see cref="MaxBodyLength"/> characters.</exception>
    public static IdempotencyKey For(IdempotentRequest request, int statusCode, string? responseBody, string? location, DateTimeOffset now)
    {
        if (responseBody?.Length > MaxBodyLength)
            throw new ArgumentException($"An answer of {responseBody.Length} characters is too long to be kept for a repetition.", nameof(responseBody));
        return new IdempotencyKey
        {
            UserId = request.UserId,
            Key = request.Key,
            RequestHash = request.RequestHash,
            StatusCode = statusCode,
            ResponseBody = responseBody,
            Location = location,
            CreatedAt = now,
            ExpiresAt = now + Lifetime,
        };
    }
}

/// <summary>What is known about a key. <paramref name="First"/> is set when <paramref name="Conflict"/> is false and the key was used.</summary>
public readonly record struct Recalled(IdempotencyKey? First, bool Conflict)
{
    /// <summary>The key is unknown (or has expired and was removed): the request is a first one.</summary>
    public bool IsNew => First is null && !Conflict;
}

/// <summary>
/// Exactly-once for use cases, at the price of one INSERT. The use case does its work and, in the same transaction, adds the
/// answer with <see cref="Remember{T}"/>: both or none survive a crash. It looks a key up only when it could not succeed:
/// <list type="number">
/// <item>a unique violation means that the key was used, perhaps a moment ago by a concurrent repetition (the database made this one
/// wait for it): roll back, then <see cref="RecallAsync"/>, and give the first answer again;</item>
/// <item>any other refusal (sales closed since, balance spent since): <see cref="RecallAsync"/> before saying so.</item>
/// </list>
/// Only what changed something is remembered. A refusal changed nothing, so the same key may be tried again.
/// </summary>
public static class Idempotency
{
    /// <summary>The hash of a request from the values that make it what it is (operation first), each length-prefixed.</summary>
    public static string Hash(params ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
            text.Append(part.Length).Append(':').Append(part);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Adds the answer to what the next <c>SaveChanges</c> writes.</summary>
    public static void Remember<T>(this FitTrackDbContext db, IdempotentRequest request, int statusCode, T answer, string? location, DateTimeOffset now) =>
        db.Add(request.Answered(statusCode, answer, location, now));

    /// <summary>The row that <see cref="Remember{T}"/> adds, for who writes it in another way.</summary>
    internal static IdempotencyKey Answered<T>(this IdempotentRequest request, int statusCode, T answer, string? location, DateTimeOffset now) =>
        IdempotencyKey.For(request, statusCode, JsonSerializer.Serialize(answer, JsonSerializerOptions.Web), location, now);

    /// <summary>The answer as it was remembered with <see cref="Remember{T}"/>.</summary>
    public static T Answer<T>(this IdempotencyKey first) =>
        JsonSerializer.Deserialize<T>(first.ResponseBody ?? "null", JsonSerializerOptions.Web)
        ?? throw new InvalidOperationException($"The answer kept under a key of {first.CreatedAt:O} is empty.");

    /// <summary>What the key answered before; a conflict where it was used for something else.</summary>
    public static async Task<Recalled> RecallAsync(this FitTrackDbContext db, IdempotentRequest request, DateTimeOffset now, CancellationToken ct)
    {
        var rows = db.Set<IdempotencyKey>().Where(k => k.UserId == request.UserId && k.Key == request.Key);
        var first = await rows.AsNoTracking().SingleOrDefaultAsync(ct);
        if (first is null)
            return default;
        if (first.ExpiresAt <= now)
        {
            await rows.Where(k => k.ExpiresAt <= now).ExecuteDeleteAsync(ct);
            return default;
        }

        return first.RequestHash == request.RequestHash ? new Recalled(first, Conflict: false) : new Recalled(null, Conflict: true);
    }

    /// <summary>Removes what has expired; returns how many. For the Worker's housekeeping.</summary>
    public static Task<int> ForgetExpiredAsync(this FitTrackDbContext db, DateTimeOffset now, CancellationToken ct) =>
        db.Set<IdempotencyKey>().Where(k => k.ExpiresAt <= now).ExecuteDeleteAsync(ct);
}

internal sealed class IdempotencyKeyConfiguration : IEntityTypeConfiguration<IdempotencyKey>
{
    public void Configure(EntityTypeBuilder<IdempotencyKey> builder)
    {
        builder.ToTable("idempotency_keys", t => t.HasComment("The first answers to requests that spend or create value, kept for a day; a replay gets the same one."));
        builder.HasKey(k => new { k.UserId, k.Key });
        builder.Property(k => k.Key).HasMaxLength(IdempotencyKey.MaxKeyLength);
        builder.Property(k => k.RequestHash).HasMaxLength(64);
        builder.Property(k => k.ResponseBody).HasMaxLength(IdempotencyKey.MaxBodyLength);
        builder.Property(k => k.Location).HasMaxLength(400);
        builder.HasIndex(k => k.ExpiresAt);
    }
}
