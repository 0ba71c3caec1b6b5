using FitTrack.Web.Components.Drawings;
using Xunit;

namespace FitTrack.Tests.Web;

public sealed class DrawingWordsTests
{
    [Theory]
    [InlineData(1, 1, "1 in 1 (100%)")]
    [InlineData(104, 100, "1 in 1.04 (96%)")]
    [InlineData(5, 3, "1 in 1.67 (60%)")]
    [InlineData(17, 5, "1 in 3.4 (29%)")]
    [InlineData(99, 10, "1 in 9.9 (10%)")]
    [InlineData(10, 1, "1 in 10")]
    [InlineData(43, 2, "1 in 21.5")]
    [InlineData(1_000_000, 3, "1 in 333,333.3")]
    [InlineData(7, 0, "none yet")]
    public void Odds_OfTickets_ReadAsAChance(long tickets, long mine, string odds) => Assert.Equal(odds, DrawingWords.Odds(tickets, mine));
}
