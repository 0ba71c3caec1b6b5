using FitTrack.Core.Accounts;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Data.Leaderboards;

/// <summary>Active members straight in the tables, for boards that need many of them.</summary>
internal static class BoardMembers
{
    private static readonly DateOnly Born = new(1990, 4, 12);

    /// <summary>Members of M-30-39-INT, or of OPEN; their names are Member 1, Member 2, and so on with a suffix.</summary>
    public static async Task<List<Guid>> AddMembersAsync(this TestDatabase database, int count, DateTimeOffset now, bool open = false, ProfileVisibility visibility = ProfileVisibility.Public)
    {
        await using var db = database.Open();
        var ids = new List<Guid>(count);
        for (var i = 1; i <= count; i++)
        {
            Assert.True(EmailAddress.TryParse(TestMembers.NewEmail(), out var email));
            Assert.True(DisplayName.TryParse($"Member {i} {Guid.NewGuid().ToString("N")[..8]}", out var name));
            var user = User.Register(email, new string('x', 60), Born, "TX", now);
            user.VerifyEmail(now);
            db.Add(user);
            db.Add(Profile.Create(user.Id, new ProfileDetails(name, BiologicalSex.Male, FitnessLevel.Intermediate, "America/New_York", open, visibility), Born, new DateOnly(2026, 11, 18), now));
            ids.Add(user.Id);
        }

        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        return ids;
    }
}
