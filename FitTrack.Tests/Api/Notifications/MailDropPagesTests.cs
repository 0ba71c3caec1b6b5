using System.Net;
using FitTrack.Core.Notifications;
using FitTrack.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Api.Notifications;

public sealed class MailDropPagesTests(ApiFixture api) : IClassFixture<ApiFixture>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fittrack-mail-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Mail_WhenDropped_CanBeReadAndIsInert()
    {
        await using var own = NewFactory("Development");
        var drop = own.Services.GetRequiredService<MailDrop>();
        await drop.SendAsync(new EmailMessage(Guid.NewGuid(), "runner@example.com", "<script>alert(1)</script>", "See http://localhost:5080/verify-email?token=x or http://evil.example/", "<p>Hello</p><script>alert(2)</script>\"'>"), Ct);
        var client = own.CreateClient();

        var list = await client.GetStringAsync("/mail", Ct);
        Assert.Contains("runner@example.com", list, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", list, StringComparison.OrdinalIgnoreCase);
        var id = Assert.Single(await drop.ListAsync(10, Ct)).Id;
        using var response = await client.GetAsync($"/mail/{id}", Ct);
        var page = await response.Content.ReadAsStringAsync(Ct);
        Assert.StartsWith("default-src 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("<iframe sandbox title", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"http://localhost:5080/verify-email?token=x\">", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<a href=\"http://evil.example", page, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(_folder.GetFiles()).FullName));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    public async Task Mail_WhenThereIsNone_Is404(string id)
    {
        await using var own = NewFactory("Development");
        using var response = await own.CreateClient().GetAsync($"/mail/{id}", Ct);
        await response.ReadProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Mail_WhenNotInDevelopment_Is404()
    {
        using var response = await api.NewClient().GetAsync("/mail", Ct);
        await response.ReadProblemAsync(HttpStatusCode.NotFound);
    }

    private ApiFactory NewFactory(string environment) => new(api.Database.ConnectionString)
    {
        EnvironmentName = environment,
        Settings = { ["Mail:DropFolder"] = _folder.FullName, ["Mail:PublicUrl"] = "http://localhost:5080" },
    };
}
