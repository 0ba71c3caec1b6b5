using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Notifications;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Fixtures;

/// <summary>A member who registered, followed the mailed link and signed in, all over HTTP; the client carries the access token.</summary>
public sealed record TestMember(Guid Id, string Email, string Password, string? DisplayName, string AccessToken, string RefreshToken, HttpClient Client);

/// <summary>What a test's member is like. Without a name there is no profile, and nothing scores.</summary>
public sealed record MemberPlan
{
    public string? DisplayName { get; init; } = "Runner " + Guid.NewGuid().ToString("N")[..10];

    public BiologicalSex? Sex { get; init; } = BiologicalSex.Female;

    public FitnessLevel Level { get; init; } = FitnessLevel.Intermediate;

    public DateOnly DateOfBirth { get; init; } = new(1990, 4, 12);

    public string State { get; init; } = "TX";

    public bool OpenTierOptIn { get; init; }

    public ProfileVisibility Visibility { get; init; }

    public UserRole Role { get; init; }
}

public static class TestMembers
{
    public const string Password = "Twelve-Miles-2026!";

    public static string NewEmail() => $"runner-{Guid.NewGuid():N}@example.com";

    /// <summary>An active, signed-in member with a complete profile: F-30-39-INT from Texas unless the plan says otherwise.</summary>
    public static async Task<TestMember> NewMemberAsync(this ApiFactory factory, MemberPlan? plan = null)
    {
        plan ??= new MemberPlan();
        var client = factory.CreateClient(new() { BaseAddress = factory.ClientOptions.BaseAddress, AllowAutoRedirect = false, HandleCookies = false });
        var email = NewEmail();
        using var registered = await client.PostJsonAsync("/api/v1/auth/register", Registration(email, plan));
        var id = (await registered.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var verified = await client.PostJsonAsync("/api/v1/auth/verify-email", new { token = await factory.MailedTokenAsync(id) });
        await verified.ReadJsonAsync();
        if (plan.Role != UserRole.User)
            await factory.GiveRoleAsync(id, plan.Role);

        var (access, refresh) = await client.LoginAsync(email);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", access);
        return new TestMember(id, email, Password, plan.DisplayName, access, refresh, client);
    }

    /// <inheritdoc cref="NewMemberAsync(ApiFactory, MemberPlan?)"/>
    public static Task<TestMember> NewMemberAsync(this ApiFixture api, MemberPlan? plan = null) => api.Factory.NewMemberAsync(plan);

    /// <summary>A signed-in administrator.</summary>
    public static Task<TestMember> NewAdminAsync(this ApiFixture api) => api.Factory.NewMemberAsync(new MemberPlan { Role = UserRole.Admin });

    /// <summary>The body of a registration.</summary>
    public static object Registration(string email, MemberPlan plan) => new
    {
        email,
        password = Password,
        dateOfBirth = plan.DateOfBirth,
        state = plan.State,
        profile = plan.DisplayName is null ? null : new
        {
            displayName = plan.DisplayName,
            biologicalSex = plan.Sex,
            fitnessLevel = plan.Level,
            openTierOptIn = plan.OpenTierOptIn,
            visibility = plan.Visibility,
        },
    };

    /// <summary>Signs in; answers access and refresh token.</summary>
    public static async Task<(string Access, string Refresh)> LoginAsync(this HttpClient client, string email, string password = Password)
    {
        using var response = await client.PostJsonAsync("/api/v1/auth/login", new { email, password });
        var tokens = await response.ReadJsonAsync();
        return (tokens.GetProperty("accessToken").GetString()!, tokens.GetProperty("refreshToken").GetString()!);
    }

    /// <summary>The token of the newest link that waits in the outbox for an account, read as the Worker reads it.</summary>
    public static async Task<string> MailedTokenAsync(this ApiFactory factory, Guid userId, string mail = MailTypes.VerifyEmail)
    {
        await using var scope = factory.NewScope();
        var payload = await scope.ServiceProvider.GetRequiredService<FitTrackDbContext>().Set<OutboxMessage>()
            .Where(m => m.UserId == userId && m.MessageType == mail)
            .OrderByDescending(m => m.CreatedAt).ThenByDescending(m => m.Id)
            .Select(m => m.Payload).FirstAsync(TestContext.Current.CancellationToken);
        var link = JsonSerializer.Deserialize<LinkMail>(payload, JsonSerializerOptions.Web)!;
        return scope.ServiceProvider.GetRequiredService<IDataProtectionProvider>().CreateProtector(AccountLinks.ProtectionPurpose).Unprotect(link.ProtectedToken);
    }

    /// <summary>Does what requests left to the Worker, as the Worker does it, and leaves the mails in the outbox.</summary>
    public static async Task RunDeferredWorkAsync(this ApiFactory factory)
    {
        await using var scope = factory.NewScope();
        var db = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
        foreach (var work in scope.ServiceProvider.GetServices<IDeferredWork>())
        {
            var waiting = await db.Set<OutboxMessage>().AsNoTracking().Where(m => m.MessageType == work.Type && m.SentAt == null).ToListAsync(TestContext.Current.CancellationToken);
            var done = new List<Guid>();
            foreach (var message in waiting)
            {
                if (await work.RunAsync(message.Payload, TestContext.Current.CancellationToken) is SendOutcome.Sent)
                    done.Add(message.Id);
            }

            await db.Set<OutboxMessage>().Where(m => done.Contains(m.Id)).ExecuteUpdateAsync(s => s.SetProperty(m => m.SentAt, factory.Clock.Now), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>There is no first administrator over HTTP: the seed makes one, and so do tests.</summary>
    private static async Task GiveRoleAsync(this ApiFactory factory, Guid userId, UserRole role)
    {
        await using var scope = factory.NewScope();
        var db = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
        (await db.Set<User>().SingleAsync(u => u.Id == userId, TestContext.Current.CancellationToken)).ChangeRole(role, factory.Clock.Now);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
    }
}
