using FitTrack.Core.Drawings;
using Xunit;

namespace FitTrack.Tests.Unit.Drawings;

public sealed class DrawingStatesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Steps = ["schedule", "open", "close", "complete", "cancel", "cancel by rule"];

    public static TheoryData<DrawingStatus, string> Possible => new()
    {
        { DrawingStatus.Draft, "schedule" },
        { DrawingStatus.Draft, "cancel" },
        { DrawingStatus.Scheduled, "open" },
        { DrawingStatus.Scheduled, "cancel" },
        { DrawingStatus.Open, "close" },
        { DrawingStatus.Open, "cancel" },
        { DrawingStatus.Closed, "complete" },
        { DrawingStatus.Closed, "cancel by rule" },
    };

    [Fact]
    public void Steps_FromEveryState_ArePossibleWhereTheRulesSaySoAndNowhereElse()
    {
        var possible = Possible.Select(row => (row.Data.Item1, row.Data.Item2)).ToHashSet();
        possible.UnionWith([(DrawingStatus.Draft, "cancel by rule"), (DrawingStatus.Scheduled, "cancel by rule"), (DrawingStatus.Open, "cancel by rule")]);
        foreach (var status in Enum.GetValues<DrawingStatus>())
        {
            foreach (var step in Steps)
            {
                var drawing = In(status);
                var version = drawing.Version;

                Assert.True(Try(drawing, step) == possible.Contains((status, step)), $"{step} from {status}");
                Assert.Equal(possible.Contains((status, step)), drawing.Version > version);
            }
        }
    }

    [Fact]
    public void TryEdit_OncePointsMayHaveBeenPaid_IsRefused()
    {
        Assert.True(In(DrawingStatus.Draft).TryEdit(Terms(), 1, Now));
        Assert.True(In(DrawingStatus.Scheduled).TryEdit(Terms(), 1, Now));
        Assert.All(
            [DrawingStatus.Open, DrawingStatus.Closed, DrawingStatus.Completed, DrawingStatus.Cancelled],
            status => Assert.False(In(status).TryEdit(Terms(), 1, Now)));
    }

    [Fact]
    public void Problems_OfTermsThatCannotBe_NameTheirFields()
    {
        var prize = Terms().Prizes[0];
        var terms = Terms() with
        {
            Name = " ",
            SalesCloseAt = Now.AddDays(3),
            TicketPrice = 0,
            MaxTicketsPerPurchase = 101,
            MinAge = 17,
            ImageUrl = "javascript:alert(1)",
            Prizes = [prize, prize with { Quantity = 0, Kind = PrizeKind.Physical, Codes = ["A"] }],
        };

        Assert.Equal(
            ["eligibility.minAge", "imageUrl", "maxTicketsPerPurchase", "name", "prizes", "prizes[1].codes", "prizes[1].quantity", "salesCloseAt", "ticketPrice"],
            terms.Problems().Select(p => p.Field).Distinct().Order(StringComparer.Ordinal));
        Assert.Empty(Terms().Problems());
    }

    private static DrawingTerms Terms() => new(
        "Daily", null, null, DrawingType.Daily, EntropyKind.Commit, Now, Now.AddDays(1), Now.AddDays(2), 100, 100, 1000, 1, 0, EligibleUsers.All, 0, 18,
        [new PrizeTerms(1, "Card", null, 1, 5000, PrizeKind.Digital, null, null, [])]);

    private static Drawing In(DrawingStatus status)
    {
        var drawing = Drawing.Create(Terms(), 1, null, Now);
        string[] way = status switch
        {
            DrawingStatus.Draft => [],
            DrawingStatus.Scheduled => ["schedule"],
            DrawingStatus.Open => ["schedule", "open"],
            DrawingStatus.Closed => ["schedule", "open", "close"],
            DrawingStatus.Completed => ["schedule", "open", "close", "complete"],
            _ => ["cancel"],
        };
        foreach (var step in way) Assert.True(Try(drawing, step));
        return drawing;
    }

    private static bool Try(Drawing drawing, string step) => step switch
    {
        "schedule" => drawing.TrySchedule(new EntropySource(null, null, "c0", "sealed"), 1, Now),
        "open" => drawing.TryOpen(Now),
        "close" => drawing.TryClose(1, 1, Now),
        "complete" => drawing.TryComplete(Now),
        "cancel" => drawing.TryCancel("why", byRule: false, Now),
        _ => drawing.TryCancel("why", byRule: true, Now),
    };
}
