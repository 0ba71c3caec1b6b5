using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Accounts;

/// <summary>Whether others see the member's name on boards.</summary>
public enum ProfileVisibility
{
    Public,
    Hidden,
}

/// <summary>Which parts of a public profile others see.</summary>
public sealed record ProfileParts(bool Tier = true, bool Points = true, bool Badges = true, bool Rank = true);

/// <summary>What a member says about themselves and how they compete. It exists once it is complete; until then nothing scores.</summary>
public sealed class Profile
{
    /// <summary>The self-declared parts may change once in this many days.</summary>
    public const int DaysBetweenDeclarations = 30;

    private Profile()
    {
    }

    public Guid UserId { get; private set; }

    public string DisplayName { get; private set; } = null!;

    /// <summary>See <see cref="Accounts.DisplayName.Normalized"/>: names that look alike are the same.</summary>
    public string NormalizedDisplayName { get; private set; } = null!;

    /// <summary>Null when not given, which means the OPEN tier.</summary>
    public BiologicalSex? BiologicalSex { get; private set; }

    public FitnessLevel FitnessLevel { get; private set; }

    /// <summary>IANA name, for display only: competition days have one zone for all.</summary>
    public string TimeZone { get; private set; } = null!;

    public bool OpenTierOptIn { get; private set; }

    public ProfileVisibility Visibility { get; private set; }

    public bool ShowTier { get; private set; }

    public bool ShowPoints { get; private set; }

    public bool ShowBadges { get; private set; }

    public bool ShowRank { get; private set; }

    /// <summary>The tier now; <see cref="TierHistoryEntry"/> says which one counts for a day.</summary>
    public string TierCode { get; private set; } = null!;

    public DateTimeOffset TierChangedAt { get; private set; }

    /// <summary>Last change of sex, level or OPEN; null before the first change, which is free.</summary>
    public DateTimeOffset? DeclaredAt { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public static Profile Create(Guid userId, ProfileDetails details, DateOnly dateOfBirth, DateOnly today, DateTimeOffset now)
    {
        var profile = new Profile
        {
            UserId = userId,
            CreatedAt = now,
            ShowTier = true,
            ShowPoints = true,
            ShowBadges = true,
            ShowRank = true,
            BiologicalSex = details.BiologicalSex,
            FitnessLevel = details.FitnessLevel,
            OpenTierOptIn = details.OpenTierOptIn,
        };
        profile.Describe(details, now);
        profile.TierCode = profile.TierOn(dateOfBirth, today).Value;
        profile.TierChangedAt = now;
        return profile;
    }

    /// <summary>Whether these details change what may change only once in 30 days.</summary>
    public bool ChangesDeclaration(ProfileDetails details) => details.BiologicalSex != BiologicalSex
        || details.FitnessLevel != FitnessLevel || details.OpenTierOptIn != OpenTierOptIn;

    /// <summary>When the self-declared parts may change again; null means now.</summary>
    public DateTimeOffset? NextDeclaration(DateTimeOffset now) =>
        DeclaredAt?.AddDays(DaysBetweenDeclarations) is { } next && next > now ? next : null;

    /// <summary>Takes new details over; the caller has checked <see cref="NextDeclaration"/>.</summary>
    /// <exception cref="InvalidOperationException">The self-declared parts may not change yet.</exception>
    public void Update(ProfileDetails details, DateTimeOffset now)
    {
        if (ChangesDeclaration(details))
        {
            if (NextDeclaration(now) is not null)
                throw new InvalidOperationException("The self-declared parts of a profile can change once in 30 days.");
            Declare(details);
            DeclaredAt = now;
        }

        Describe(details, now);
    }

    /// <summary>An admin's correction of details, to which the 30 days do not apply.</summary>
    public void Correct(ProfileDetails details, DateTimeOffset now)
    {
        Declare(details);
        Describe(details, now);
    }

    /// <summary>Moves to the tier of a day; false when that is where the member already is.</summary>
    public bool Recompute(DateOnly dateOfBirth, DateOnly day, DateTimeOffset now)
    {
        var tier = TierOn(dateOfBirth, day).Value;
        if (string.Equals(tier, TierCode, StringComparison.Ordinal))
            return false;
        TierCode = tier;
        TierChangedAt = now;
        return true;
    }

    public TierCode TierOn(DateOnly dateOfBirth, DateOnly day) =>
        Accounts.TierCode.Of(BiologicalSex, FitnessLevel, dateOfBirth, OpenTierOptIn, day);

    private void Declare(ProfileDetails details) =>
        (BiologicalSex, FitnessLevel, OpenTierOptIn) = (details.BiologicalSex, details.FitnessLevel, details.OpenTierOptIn);

    private void Describe(ProfileDetails details, DateTimeOffset now)
    {
        DisplayName = details.DisplayName.Text;
        NormalizedDisplayName = details.DisplayName.Normalized;
        TimeZone = details.TimeZone;
        Visibility = details.Visibility;
        if (details.Shown is { } shown)
            (ShowTier, ShowPoints, ShowBadges, ShowRank) = (shown.Tier, shown.Points, shown.Badges, shown.Rank);
        UpdatedAt = now;
    }
}

/// <summary>The parts of a profile that its owner sets.</summary>
/// <param name="Shown">Null leaves what is shown as it is.</param>
public sealed record ProfileDetails(
    DisplayName DisplayName,
    BiologicalSex? BiologicalSex,
    FitnessLevel FitnessLevel,
    string TimeZone,
    bool OpenTierOptIn,
    ProfileVisibility Visibility,
    ProfileParts? Shown = null);

internal sealed class ProfileConfiguration : IEntityTypeConfiguration<Profile>
{
    public void Configure(EntityTypeBuilder<Profile> b)
    {
        b.ToTable("profiles", t => t.HasComment("What a member says about themselves, their tier now, and what others may see."));
        b.HasKey(p => p.UserId);
        b.Property(p => p.DisplayName).HasMaxLength(DisplayName.MaxLength);
        b.Property(p => p.NormalizedDisplayName).HasMaxLength(DisplayName.MaxNormalizedLength);
        b.Property(p => p.TimeZone).HasMaxLength(64);
        b.Property(p => p.TierCode).HasMaxLength(TierCode.MaxLength);
        b.HasIndex(p => p.NormalizedDisplayName).IsUnique();
        b.HasIndex(p => p.TierCode);
        b.HasOne<User>().WithOne().HasForeignKey<Profile>(p => p.UserId);
    }
}
