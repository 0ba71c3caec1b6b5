using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Xml.Linq;
using FitTrack.Core.Accounts;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Accounts;

public sealed class TwoFactorTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncDisposable
{
    private const string Url = "/api/v1/users/me/two-factor";

    /// <summary>With a clock of the test's own: codes live by it.</summary>
    private readonly ApiFactory _own = new(api.Database.ConnectionString);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _own.DisposeAsync();

    [Fact]
    public async Task Enable_WhenStarted_GivesSecretUriAndPictureButDoesNotYetCount()
    {
        var member = await _own.NewMemberAsync();
        var started = await StartAsync(member);
        Assert.False(started.GetProperty("enabled").GetBoolean());
        var secret = started.GetProperty("secret").GetString()!;
        Assert.Equal(20, Totp.Decode(secret).Length);
        Assert.Equal($"otpauth://totp/FitTrack:{Uri.EscapeDataString(member.Email)}?secret={secret}&issuer=FitTrack&algorithm=SHA1&digits=6&period=30", started.GetProperty("keyUri").GetString());
        Assert.Equal("svg", XElement.Parse(started.GetProperty("qrCode").GetString()!).Name.LocalName);
        await using var db = api.OpenDb();
        var stored = await db.Set<User>().Where(u => u.Id == member.Id).Select(u => u.ProtectedTotpSecret).SingleAsync(Ct);
        Assert.DoesNotContain(secret, stored!, StringComparison.Ordinal);
        await _own.CreateClient().LoginAsync(member.Email);
    }

    [Fact]
    public async Task Login_WhenEnabled_NeedsACodeThatIsTakenOnce()
    {
        var (member, secret, _) = await EnabledAsync();
        Assert.Equal("Two-factor code required", await RefusedAsync(member, null));
        Assert.Equal("Invalid two-factor code", await RefusedAsync(member, "000000"));

        _own.Clock.Advance(TimeSpan.FromSeconds(30));
        var code = CodeOf(secret);
        await OkAsync(member, code);
        Assert.Equal("Invalid two-factor code", await RefusedAsync(member, code));
        _own.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("Invalid two-factor code", await RefusedAsync(member, code));
        await OkAsync(member, CodeOf(secret).Insert(3, " "));
    }

    [Fact]
    public async Task Login_WhenOneCodeIsSentTwiceAtOnce_IsTakenOnce()
    {
        var (member, secret, _) = await EnabledAsync();
        _own.Clock.Advance(TimeSpan.FromSeconds(30));
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ => (await LoginAsync(member, CodeOf(secret))).StatusCode));
        Assert.Equal(1, answers.Count(s => s == HttpStatusCode.OK));
    }

    [Fact]
    public async Task Login_WhenARecoveryCodeIsSent_TakesItOnceHoweverItIsTyped()
    {
        var (member, _, codes) = await EnabledAsync();
        Assert.Equal(10, codes.Distinct(StringComparer.Ordinal).Count());
        await OkAsync(member, codes[3]);
        Assert.Equal("Invalid two-factor code", await RefusedAsync(member, codes[3]));
        await OkAsync(member, " " + codes[4].ToLowerInvariant().Replace("-", "", StringComparison.Ordinal));
        Assert.Equal(8, (await member.Client.GetJsonAsync(Url)).GetProperty("recoveryCodesLeft").GetInt32());
        await using var db = api.OpenDb();
        Assert.All(await db.Set<RecoveryCode>().Where(c => c.UserId == member.Id).ToListAsync(Ct), c => Assert.Equal(32, c.CodeHash.Length));
    }

    [Fact]
    public async Task Login_WhenCodesAreGuessed_Locks()
    {
        var (member, secret, _) = await EnabledAsync();
        _own.Clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 4; i++)
            Assert.Equal("Invalid two-factor code", await RefusedAsync(member, $"00000{i}"));
        using var fifth = await LoginAsync(member, "000005");
        await fifth.ReadProblemAsync(HttpStatusCode.TooManyRequests);
        _own.Clock.Advance(TimeSpan.FromSeconds(30));
        using var locked = await LoginAsync(member, CodeOf(secret));
        await locked.ReadProblemAsync(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Enable_WhenPasswordOrCodeIsWrong_Is422()
    {
        var member = await _own.NewMemberAsync();
        using var empty = await member.Client.PostJsonAsync(Url, new { });
        await empty.ReadInvalidAsync("password");
        using var early = await member.Client.PostJsonAsync(Url, new { code = "123456" });
        await early.ReadProblemAsync(HttpStatusCode.Conflict);
        using var wrong = await member.Client.PostJsonAsync(Url, new { password = "Wrong-Miles-2026!" });
        await wrong.ReadInvalidAsync("password");
        await StartAsync(member);
        using var guess = await member.Client.PostJsonAsync(Url, new { code = "000000" });
        await guess.ReadInvalidAsync("code");
    }

    [Fact]
    public async Task Enable_WhenOnAlready_Is409AndTheSecretStays()
    {
        var (member, secret, _) = await EnabledAsync();
        using var again = await member.Client.PostJsonAsync(Url, new { password = member.Password });
        await again.ReadProblemAsync(HttpStatusCode.Conflict);
        _own.Clock.Advance(TimeSpan.FromSeconds(30));
        await OkAsync(member, CodeOf(secret));
    }

    [Fact]
    public async Task Disable_WhenCodeIsRight_SignsInWithoutAndForgetsTheSecret()
    {
        var (member, secret, codes) = await EnabledAsync();
        using var wrong = await member.Client.SendJsonAsync(HttpMethod.Delete, Url, new { twoFactorCode = "000000" });
        await wrong.ReadInvalidAsync("twoFactorCode");
        _own.Clock.Advance(TimeSpan.FromSeconds(30));
        using var off = await member.Client.SendJsonAsync(HttpMethod.Delete, Url, new { twoFactorCode = CodeOf(secret) });
        Assert.Equal(HttpStatusCode.NoContent, off.StatusCode);
        using var twice = await member.Client.SendJsonAsync(HttpMethod.Delete, Url, new { twoFactorCode = codes[0] });
        await twice.ReadProblemAsync(HttpStatusCode.Conflict);

        await _own.CreateClient().LoginAsync(member.Email);
        await using var db = api.OpenDb();
        Assert.Null(await db.Set<User>().Where(u => u.Id == member.Id).Select(u => u.ProtectedTotpSecret).SingleAsync(Ct));
        Assert.False(await db.Set<RecoveryCode>().AnyAsync(c => c.UserId == member.Id, Ct));
    }

    [Fact]
    public async Task Administration_WhenItNeedsASecondFactor_OpensOnceThereIsOne()
    {
        _own.Settings["Security:RequireAdminTwoFactor"] = "true";
        var admin = await _own.NewMemberAsync(new MemberPlan { Role = UserRole.Admin });
        using var refused = await admin.Client.GetAsync("/api/v1/admin/audit", Ct);
        await refused.ReadProblemAsync(HttpStatusCode.Forbidden);

        var secret = (await StartAsync(admin)).GetProperty("secret").GetString()!;
        using var enabled = await admin.Client.PostJsonAsync(Url, new { code = CodeOf(secret) });
        await enabled.ReadJsonAsync();
        using var refreshed = await admin.Client.PostJsonAsync("/api/v1/auth/refresh", new { refreshToken = admin.RefreshToken });
        admin.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await refreshed.ReadJsonAsync()).GetProperty("accessToken").GetString());
        using var opened = await admin.Client.GetAsync("/api/v1/admin/audit", Ct);
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
    }

    private string CodeOf(string secret) => Totp.Code(Totp.Decode(secret), _own.Clock.GetUtcNow().ToUnixTimeSeconds() / Totp.StepSeconds);

    private static async Task<JsonElement> StartAsync(TestMember member)
    {
        using var response = await member.Client.PostJsonAsync(Url, new { password = member.Password });
        return await response.ReadJsonAsync();
    }

    private async Task<(TestMember Member, string Secret, List<string> RecoveryCodes)> EnabledAsync()
    {
        var member = await _own.NewMemberAsync();
        var secret = (await StartAsync(member)).GetProperty("secret").GetString()!;
        using var response = await member.Client.PostJsonAsync(Url, new { code = CodeOf(secret) });
        var enabled = await response.ReadJsonAsync();
        Assert.True(enabled.GetProperty("enabled").GetBoolean());
        return (member, secret, enabled.GetProperty("recoveryCodes").EnumerateArray().Select(c => c.GetString()!).ToList());
    }

    private Task<HttpResponseMessage> LoginAsync(TestMember member, string? twoFactorCode) =>
        _own.CreateClient().PostJsonAsync("/api/v1/auth/login", new { email = member.Email, password = member.Password, twoFactorCode });

    private async Task OkAsync(TestMember member, string code)
    {
        using var response = await LoginAsync(member, code);
        await response.ReadJsonAsync();
    }

    private async Task<string?> RefusedAsync(TestMember member, string? code)
    {
        using var response = await LoginAsync(member, code);
        return (await response.ReadProblemAsync(HttpStatusCode.Unauthorized)).Detail;
    }
}
