using System.Security.Cryptography;
using System.Text;
using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Training;

/// <summary>A private iCal address; whoever has it can read the member's training calendar, so only its hash is kept.</summary>
public sealed class CalendarFeed
{
    private CalendarFeed()
    {
    }

    public Guid Id { get; private set; }
    public Guid UserId { get; private set; }

    /// <summary>SHA-256 of the token in lower-case hex.</summary>
    public string TokenHash { get; private set; } = "";
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? LastReadAt { get; private set; }
    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>The token is the address's secret part; at least 128 random bits.</summary>
    public static CalendarFeed Create(Guid userId, string token, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), UserId = userId, TokenHash = HashOf(token), CreatedAt = now };

    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}

internal sealed class CalendarFeedConfiguration : IEntityTypeConfiguration<CalendarFeed>
{
    public void Configure(EntityTypeBuilder<CalendarFeed> b)
    {
        b.ToTable("calendar_feeds", t => t.HasComment("Private iCal addresses of members; only the hash of the secret part is kept."));
        b.HasKey(x => x.Id);
        b.Property(x => x.TokenHash).HasMaxLength(64);
        b.HasIndex(x => x.TokenHash).IsUnique();
        b.HasOne<User>().WithMany().HasForeignKey(x => x.UserId);
    }
}
