using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FitTrack.Core.Accounts;
using FitTrack.Core.Notifications;
using FitTrack.Tests.Fixtures;
using FitTrack.Worker.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Worker.Accounts;

public sealed class SigningKeyRotationTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly AccountsOptions Rules = new();

    private TestDatabase? _database;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await server.CreateDatabaseAsync(Ct);

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Rotate_WhenTimePasses_OldTokensVerifyDuringTheOverlapAndNotAfter()
    {
        await using var api = new ApiFactory(_database!.ConnectionString);
        var member = await api.NewMemberAsync();
        var first = KidOf(member.AccessToken);
        Assert.False(await RotateAsync(api));

        // Published before it signs.
        api.Clock.Advance(Rules.SigningKeyLifetime - Rules.SigningKeyLead);
        Assert.True(await RotateAsync(api));
        Assert.False(await RotateAsync(api));
        api.Clock.Advance(Rules.SigningKeyLead - TimeSpan.FromMinutes(10));
        Assert.Equal(2, (await KidsAsync(api)).Count);
        var (late, _) = await api.CreateClient().LoginAsync(member.Email);
        Assert.Equal(first, KidOf(late));
        var stolen = await ForgeAsync(api, first, late);

        api.Clock.Advance(TimeSpan.FromMinutes(10));
        var (fresh, _) = await api.CreateClient().LoginAsync(member.Email);
        Assert.NotEqual(first, KidOf(fresh));
        foreach (var token in new[] { late, stolen, fresh })
            Assert.Equal(HttpStatusCode.OK, (await MeAsync(api, token)).StatusCode);

        // Half an hour and the clocks' tolerance later, whoever has the old key can sign nothing with it.
        api.Clock.Advance(TimeSpan.FromMinutes(30) + TimeSpan.FromSeconds(30));
        using var refused = await MeAsync(api, stolen);
        Assert.Equal("Invalid token", (await refused.ReadProblemAsync(HttpStatusCode.Unauthorized)).Detail);
        using var old = await MeAsync(api, late);
        Assert.Equal("Token expired", (await old.ReadProblemAsync(HttpStatusCode.Unauthorized)).Detail);
        Assert.Equal([KidOf(fresh)], await KidsAsync(api));

        // Whoever comes back while the session could still be refreshed hears the same.
        api.Clock.Advance(Rules.RefreshLifetime);
        await RotateAsync(api);
        using var older = await MeAsync(api, late);
        Assert.Equal("Token expired", (await older.ReadProblemAsync(HttpStatusCode.Unauthorized)).Detail);

        api.Clock.Advance(TimeSpan.FromDays(2));
        await RotateAsync(api);
        await using var db = _database.Open();
        Assert.Equal([KidOf(fresh)], await db.Set<SigningKey>().Select(k => k.Kid).ToListAsync(Ct));
    }

    [Fact]
    public async Task Rotate_WhenAnInstanceOnlyVerifies_HearsOfTheRetirement()
    {
        await using var api = new ApiFactory(_database!.ConnectionString);
        var member = await api.NewMemberAsync();
        await using var other = new ApiFactory(_database.ConnectionString);
        var stolen = await ForgeAsync(api, KidOf(member.AccessToken), member.AccessToken);
        Assert.Equal(HttpStatusCode.OK, (await MeAsync(other, stolen)).StatusCode);

        api.Clock.Advance(Rules.SigningKeyLifetime - Rules.SigningKeyLead);
        Assert.True(await RotateAsync(api));
        other.Clock.Advance(Rules.SigningKeyLifetime + TimeSpan.FromMinutes(31));
        // Its look into the database is real time's, only when it looks is the clock's.
        await Until.HoldsAsync("the other instance to look", async () =>
        {
            other.Clock.Advance(TimeSpan.FromSeconds(15));
            using var answer = await MeAsync(other, stolen);
            return answer.StatusCode == HttpStatusCode.Unauthorized;
        });
        using var refused = await MeAsync(other, stolen);
        Assert.Equal("Invalid token", (await refused.ReadProblemAsync(HttpStatusCode.Unauthorized)).Detail);
    }

    [Fact]
    public async Task Rotate_WhenWorkersRace_MakesOneKey()
    {
        await using var api = new ApiFactory(_database!.ConnectionString);
        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RotateAsync(api)));
        Assert.Equal(1, made.Count(m => m));
        api.Clock.Advance(Rules.SigningKeyLifetime);
        made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RotateAsync(api)));
        Assert.Equal(1, made.Count(m => m));
        await using var db = _database.Open();
        var keys = await db.Set<SigningKey>().OrderBy(k => k.Serial).ToListAsync(Ct);
        Assert.Equal([1, 2], keys.Select(k => k.Serial));
        Assert.Equal(api.Clock.Now + Rules.SigningKeyLead, keys[1].ValidFrom);
        Assert.Equal(keys[1].ValidFrom, keys[0].ValidTo);
    }

    [Fact]
    public async Task Worker_WhenItStarts_RotatesAndRemovesWhatExpired()
    {
        await using var api = new ApiFactory(_database!.ConnectionString);
        var member = await api.NewMemberAsync();
        (await api.CreateClient().PostJsonAsync("/api/v1/auth/forgot-password", new { email = member.Email })).Dispose();
        await api.RunDeferredWorkAsync();
        api.Clock.Advance(TimeSpan.FromDays(91));
        using var worker = ActivatorUtilities.CreateInstance<SignInUpkeepWorker>(api.Services);
        await worker.StartAsync(Ct);
        await using var db = _database.Open();
        await Until.HoldsAsync("the second key", async () => await db.Set<SigningKey>().CountAsync(Ct) == 2);
        await Until.HoldsAsync("the end of what has expired", async () => !await db.Set<LoginAttempt>().AnyAsync(Ct) && !await db.Set<RefreshToken>().AnyAsync(Ct));
        Assert.False(await db.Set<OutboxMessage>().AnyAsync(m => m.MessageType == AccountMails.WorkType, Ct));
        Assert.False(await db.Set<AccountToken>().AnyAsync(Ct));
        Assert.Equal(1, await db.Set<UserSession>().CountAsync(s => s.UserId == member.Id, Ct));
        await worker.StopAsync(Ct);
    }

    private static async Task<bool> RotateAsync(ApiFactory api)
    {
        await using var scope = api.NewScope();
        return await scope.ServiceProvider.GetRequiredService<SigningKeys>().RotateAsync(Ct);
    }

    private static async Task<List<string>> KidsAsync(ApiFactory api)
    {
        // Other instances are told over the bus; this one reads again after five minutes at the latest.
        api.Clock.Advance(TimeSpan.FromMinutes(5));
        var keys = (await api.CreateClient().GetJsonAsync("/.well-known/jwks.json")).GetProperty("keys").EnumerateArray();
        api.Clock.Advance(TimeSpan.FromMinutes(-5));
        return keys.Select(k => k.GetProperty("kid").GetString()!).ToList();
    }

    private static string KidOf(string token) => JsonElement.Parse(Base64Url.DecodeFromChars(token.Split('.')[0])).GetProperty("kid").GetString()!;

    /// <summary>What a thief of the private key would make: the token's own words with a year to live.</summary>
    private static async Task<string> ForgeAsync(ApiFactory api, string kid, string token)
    {
        await using var scope = api.NewScope();
        var store = scope.ServiceProvider.GetRequiredService<SigningKeys>();
        using var key = store.Open((await store.LoadAsync(Ct)).Single(k => k.Jwk.Kid == kid));
        var payload = JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!;
        payload["exp"] = payload["iat"]!.GetValue<long>() + 31_536_000;
        var text = $"{token.Split('.')[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload.ToJsonString()))}";
        return $"{text}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static async Task<HttpResponseMessage> MeAsync(ApiFactory api, string token)
    {
        var client = api.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await client.GetAsync("/api/v1/users/me", Ct);
    }
}
