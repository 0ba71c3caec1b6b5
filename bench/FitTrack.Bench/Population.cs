using System.Globalization;
using System.Text.Json;
using FitTrack.Core.Accounts;
using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Leaderboards;
using FitTrack.Core.Points;
using FitTrack.Core.Trackers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Bench;

/// <summary>The members that the scenarios run with, put straight into the database; the tokens come from real sign-ins.</summary>
/// <param name="members">How many.</param>
/// <param name="cost">Of their passwords' hashes; the product's own cost, or each would be hashed anew at its first sign-in.</param>
internal sealed class Population(Product product, int members = Population.Members, int cost = Population.CheapCost)
{
    public const int Members = 4096;
    public const int Callers = 64;
    public const int CheapCost = 4;
    public const string Password = "Bench-Members-2026!"; // not a secret: of members that live for one run
    private const long Wealth = 1_000_000_000;
    private const int BatchSize = 512;

    private readonly DbContextOptions<FitTrackDbContext> _options = new DbContextOptionsBuilder<FitTrackDbContext>().UseNpgsql(product.ConnectionString).Options;

    public static string Email(int member) => string.Create(CultureInfo.InvariantCulture, $"bench{member}@fittrack.example");

    public static string TrackerAccount(int member) => string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{member:D12}");

    public async Task CreateAsync()
    {
        var now = TimeProvider.System.Now();
        var joined = now.AddDays(-30);
        var calendar = new CompetitionCalendar(Options.Create(new CompetitionOptions()));
        var today = calendar.DayOf(now);
        var hash = Bcrypt.Hash(Password, cost);
        foreach (var chunk in Enumerable.Range(0, members).Chunk(BatchSize))
        {
            await using var db = new FitTrackDbContext(_options);
            foreach (var i in chunk)
                AddMember(db, i, hash, calendar.PeriodsOf(today), joined, now);
            await db.SaveChangesAsync();
        }
    }

    /// <summary>Access tokens of the first <paramref name="count"/> members.</summary>
    public async Task<string[]> SignInAsync(int count)
    {
        using var http = new HttpClient { BaseAddress = product.Api };
        var tokens = new string[count];
        for (var i = 0; i < count; i++)
            tokens[i] = await SignInAsync(http, Email(i), Password);
        return tokens;
    }

    public static async Task<string> SignInAsync(HttpClient http, string email, string password)
    {
        using var answer = await http.PostAsJsonAsync("api/v1/auth/login", new { email, password });
        var body = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{email} could not sign in: {body}");
        return JsonDocument.Parse(body).RootElement.GetProperty("accessToken").GetString()!;
    }

    private static void AddMember(FitTrackDbContext db, int i, string hash, IEnumerable<Period> periods, DateTimeOffset joined, DateTimeOffset now)
    {
        var day = DateOnly.FromDateTime(joined.UtcDateTime);
        if (!EmailAddress.TryParse(Email(i), out var email) || !DisplayName.TryParse(string.Create(CultureInfo.InvariantCulture, $"Bench {i}x"), out var name))
            throw new InvalidOperationException("The bench's own members are not valid.");
        var user = User.Register(email, hash, day.AddYears(-35), "CA", joined);
        user.VerifyEmail(joined);
        if (i == 0)
            user.ChangeRole(UserRole.Admin, joined);
        var details = new ProfileDetails(name, BiologicalSex.Female, FitnessLevel.Intermediate, "America/New_York", false, ProfileVisibility.Public);
        var profile = Profile.Create(user.Id, details, user.DateOfBirth, day, joined);
        var balance = PointBalance.Open(user.Id);
        var row = balance.Append(LedgerEntry.Adjust(user.Id, Wealth, "bench", $"bench-{i}", "Bench"), now);
        db.AddRange(user, profile, TierHistoryEntry.From(user.Id, day, profile.TierCode, joined), balance, row);
        db.Add(ProviderConnection.Connect(user.Id, TrackerService.Terra, "garmin", TrackerAccount(i), null, joined));
        db.AddRange(periods.Select(p => LeaderboardScore.Create(user.Id, p, profile.TierCode, 1 + (i * 7919 % 997), now)));
    }
}
