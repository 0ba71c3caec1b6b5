using System.Diagnostics;
using FitTrack.AppHost;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Worker.Points;

/// <summary>The command, as an operator runs it.</summary>
public sealed class VerifyLedgerTests(DrawingsFixture fixture) : IClassFixture<DrawingsFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task VerifyLedger_BeforeAndAfterARowWasChanged_SaysSo()
    {
        using var member = await fixture.NewMemberAsync(points: 300);
        Assert.Equal((0, "The ledger is intact: 1 rows of 1 members, 0 published roots."), await RunAsync());

        await using var db = fixture.OpenDb();
        await db.Database.ExecuteSqlAsync($"UPDATE point_transactions SET reason = 'Rewritten', amount = 301, balance_after = 301 WHERE user_id = {member.Id}", Ct);
        var (exitCode, said) = await RunAsync();
        Assert.Equal(2, exitCode);
        Assert.Contains(member.Id.ToString(), said, StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Said)> RunAsync()
    {
        await using var db = fixture.OpenDb();
        var start = new ProcessStartInfo("dotnet", [ProgramLocations.Worker.Assembly, "verify-ledger"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["ConnectionStrings__fittrack"] = db.Database.GetConnectionString();
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["Logging__LogLevel__Default"] = "None";
        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(Ct), process.StandardError.ReadToEndAsync(Ct));
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, string.Concat(said).Trim());
    }
}
