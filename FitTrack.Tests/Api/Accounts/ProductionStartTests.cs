using System.Security.Cryptography;
using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Security;
using FitTrack.Core.Trackers.Terra;
using FitTrack.Tests.Fixtures;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace FitTrack.Tests.Api.Accounts;

public sealed class ProductionStartTests(PostgresServer server) : IAsyncLifetime
{
    private TestDatabase? _database;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string NewKey => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public async ValueTask InitializeAsync() => _database = await server.CreateDatabaseAsync(Ct);

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Why the start was refused. The test host sometimes disposes the refused program before it reads the reason and
    /// reports only that; then the same program is started again.
    /// </summary>
    private async Task<Exception> RefusalAsync(string? key, string? webhookSecret = null, string? mailServer = "mail.example.com", params (string Key, string Value)[] more)
    {
        while (true)
        {
            await using var factory = NewFactory("Production", key);
            factory.Settings["Trackers:Terra:WebhookSecret"] = webhookSecret;
            factory.Settings["Mail:Smtp:Host"] = mailServer;
            foreach (var (setting, value) in more)
                factory.Settings[setting] = value;
            var refusal = Record.Exception(() => factory.CreateClient());
            Assert.NotNull(refusal);
            if (refusal is not ObjectDisposedException)
                return refusal;
            Ct.ThrowIfCancellationRequested();
        }
    }

    [Theory]
    [InlineData(null, "not set")]
    [InlineData("short", "32 bytes")]
    [InlineData("development", "development key")]
    public async Task Start_WhenMasterKeyIsUnfit_IsRefused(string? key, string reason)
    {
        var refusal = await RefusalAsync(key == "development" ? SecurityOptions.DevelopmentMasterKey : key);
        Assert.Contains(reason, Assert.IsType<OptionsValidationException>(refusal, exactMatch: false).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhenTheWebhookSecretIsTheDevelopmentOne_IsRefused()
    {
        var refusal = await RefusalAsync(NewKey, TerraOptions.DevelopmentSecret);
        Assert.Contains("development secret", Assert.IsType<OptionsValidationException>(refusal, exactMatch: false).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhenTrackersHaveCredentialsButNoAddressToComeBackTo_IsRefused()
    {
        var refusal = await RefusalAsync(NewKey, more: [("Trackers:Strava:ClientId", "1"), ("Trackers:Strava:ClientSecret", "of the test")]);
        Assert.Contains("Trackers:PublicUrl", Assert.IsType<OptionsValidationException>(refusal, exactMatch: false).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhenNothingSendsMails_IsRefused()
    {
        var refusal = await RefusalAsync(NewKey, mailServer: null);
        Assert.Contains("Nothing sends mails", Assert.IsType<OptionsValidationException>(refusal, exactMatch: false).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhenMailsWouldLeadToNowhere_IsRefused()
    {
        var refusal = await RefusalAsync(NewKey, more: [("Mail:PublicUrl", "http://localhost:5080")]);
        Assert.Contains("Mail:PublicUrl", Assert.IsType<OptionsValidationException>(refusal, exactMatch: false).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhenDemoAccountsHaveThePublishedPassword_IsRefused()
    {
        await using (var development = NewFactory("Testing", null))
        {
            await using var scope = development.NewScope();
            var db = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
            Assert.True(EmailAddress.TryParse(DemoAccounts.AdminEmail, out var email));
            db.Add(User.Register(email, Bcrypt.Hash(DemoAccounts.Password, Bcrypt.MinCost), new DateOnly(1990, 1, 1), "TX", development.Clock.Now));
            await db.SaveChangesAsync(Ct);
        }

        var refusal = await RefusalAsync(NewKey);
        Assert.Contains(DemoAccounts.AdminEmail, Assert.IsType<InvalidOperationException>(refusal, exactMatch: false).Message, StringComparison.Ordinal);

        await using (var db = _database!.Open())
            await db.Set<User>().ExecuteUpdateAsync(s => s.SetProperty(u => u.PasswordHash, Bcrypt.Hash("Another-Miles-2026!", Bcrypt.MinCost)), Ct);
        await using var started = NewFactory("Production", NewKey);
        using var health = await started.CreateClient().GetAsync("/health/live", Ct);
        Assert.True(health.IsSuccessStatusCode);
    }

    [Fact]
    public async Task KeyRing_WhenStored_IsWrappedAndReadableOnlyWithItsMasterKey()
    {
        var key = NewKey;
        string secret;
        await using (var first = NewFactory("Testing", key))
            secret = Protector(first).Protect("shipping address");
        await using (var db = _database!.Open())
        {
            var xml = Assert.Single(await db.Set<DataProtectionKey>().Select(k => k.Xml).ToListAsync(Ct));
            Assert.Contains("masterKeyWrapped", xml, StringComparison.Ordinal);
            Assert.DoesNotContain("<masterKey ", xml, StringComparison.Ordinal);
        }

        await using (var second = NewFactory("Testing", key))
            Assert.Equal("shipping address", Protector(second).Unprotect(secret));
        await using var stranger = NewFactory("Testing", NewKey);
        Assert.ThrowsAny<CryptographicException>(() => Protector(stranger).Unprotect(secret));
    }

    private static IDataProtector Protector(ApiFactory factory) => factory.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    private ApiFactory NewFactory(string environment, string? masterKey) => new(_database!.ConnectionString) { EnvironmentName = environment, Settings = { ["Security:MasterKey"] = masterKey, ["Mail:Smtp:Host"] = "mail.example.com", ["Mail:PublicUrl"] = "https://fittrack.example" } };
}
