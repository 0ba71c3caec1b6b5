using System.CommandLine;
using System.Globalization;
using FitTrack.Core.Points;

namespace FitTrack.Worker.Commands;

/// <summary>
/// <c>verify-ledger</c> derives every balance, every chain and the newest published roots from the ledger's rows and says what it
/// found; exit code 2 when something does not follow.
/// </summary>
internal static class VerifyLedgerCommand
{
    private const int Different = 2;

    public static Command Create()
    {
        var command = new Command("verify-ledger", "Derive all balances and chains from the ledger anew, and report the first difference.");
        command.SetAction((_, ct) => CommandScope.RunAsync(async (services, token) =>
        {
            var report = await services.GetRequiredService<LedgerVerifier>().VerifyAsync(null, token);
            if (report.FirstDifference is { } difference)
            {
                await Console.Error.WriteLineAsync(difference);
                return Different;
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The ledger is intact: {report.Rows} rows of {report.Members} members, {report.Roots} published roots."));
            return 0;
        }, ct));
        return command;
    }
}
