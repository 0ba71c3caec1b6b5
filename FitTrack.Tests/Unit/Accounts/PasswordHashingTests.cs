using FitTrack.Core.Accounts;
using Microsoft.Extensions.Options;
using Xunit;

namespace FitTrack.Tests.Unit.Accounts;

public sealed class PasswordHashingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TryEnter_WhenSlotsAndQueueAreFull_TurnsAwayAtOnce()
    {
        using var hashing = New(concurrency: 1, queue: 2);
        var inside = await hashing.TryEnterAsync(Ct);
        var first = hashing.TryEnterAsync(Ct);
        var second = hashing.TryEnterAsync(Ct);
        Assert.Null(await hashing.TryEnterAsync(Ct));

        inside!.Dispose();
        (await first)!.Dispose();
        (await second)!.Dispose();
        using var again = await hashing.TryEnterAsync(Ct);
        Assert.NotNull(again);
    }

    [Fact]
    public async Task TryEnter_WhenACallerGivesUpWaiting_FreesTheirPlace()
    {
        using var hashing = New(concurrency: 1, queue: 1);
        using var inside = await hashing.TryEnterAsync(Ct);
        using var leaving = new CancellationTokenSource();
        var waiting = hashing.TryEnterAsync(leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(hashing.TryEnterAsync(Ct).IsCompleted);
    }

    [Fact]
    public async Task Verify_WhenThereIsNoHash_IsNeverRight()
    {
        using var hashing = New(concurrency: 1, queue: 1);
        using var turn = await hashing.TryEnterAsync(Ct);
        var hash = await turn!.HashAsync("Twelve-Miles-2026!");
        Assert.True(await turn.VerifyAsync("Twelve-Miles-2026!", hash));
        Assert.False(await turn.VerifyAsync("Twelve-Miles-2027!", hash));
        Assert.False(await turn.VerifyAsync("Twelve-Miles-2026!", null));
        Assert.False(turn.IsOutdated(hash));
        Assert.True(turn.IsOutdated(Bcrypt.Hash("Twelve-Miles-2026!", 5)));
    }

    [Fact]
    public async Task Verify_WhenHashIsOfALowerCost_StillTellsRightFromWrong()
    {
        using var hashing = new PasswordHashing(Options.Create(new AccountsOptions { PasswordHashing = new PasswordHashingOptions { Cost = 7 } }));
        using var turn = await hashing.TryEnterAsync(Ct);
        var old = Bcrypt.Hash("Twelve-Miles-2026!", 4);
        Assert.True(await turn!.VerifyAsync("Twelve-Miles-2026!", old));
        Assert.False(await turn.VerifyAsync("Twelve-Miles-2027!", old));
        Assert.False(await turn.VerifyAsync("zero\0byte", old));
    }

    private static PasswordHashing New(int concurrency, int queue) =>
        new(Options.Create(new AccountsOptions { PasswordHashing = new PasswordHashingOptions { Cost = Bcrypt.MinCost, Concurrency = concurrency, QueuePerSlot = queue } }));
}
