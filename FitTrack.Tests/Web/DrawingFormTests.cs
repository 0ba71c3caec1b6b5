using FitTrack.Web.Components.Drawings.Administration;
using Xunit;

namespace FitTrack.Tests.Web;

public sealed class DrawingFormTests
{
    [Fact]
    public void Prizes_WhenARowInBetweenIsEmpty_AreCountedAsThePageShowsThem()
    {
        var form = new DrawingForm { Prizes = [new() { Name = "Watch", Quantity = "1" }, new() { Name = " ", Quantity = "1", Kind = "physical", SponsorId = "" }, new() { Dollars = "5" }, new() { Name = "Cap", Lines = "A\r\n\r\nB " }] };

        form.DropEmptyPrizes();

        var prizes = form.ToDrawing().Prizes;
        Assert.Equal(["Watch", null, "Cap"], form.Prizes.Select(p => p.Name));
        Assert.Equal([(1, "Watch"), (2, null), (3, "Cap")], prizes.Select(p => (p.Rank, p.Name)));
        Assert.Equal([null, null, ["A", "B"]], prizes.Select(p => p.Codes));
    }
}
