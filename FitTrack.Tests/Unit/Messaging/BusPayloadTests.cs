using System.Text;
using FitTrack.Core.Messaging;
using Xunit;

namespace FitTrack.Tests.Unit.Messaging;

public sealed class BusPayloadTests
{
    [Fact]
    public void Unpack_WhenPacked_ReturnsSenderAndMessages()
    {
        (string, string)[] messages = [("leaderboard", "M-30-39-INT"), ("member", "größe 🏃"), ("leaderboard", "")];

        var payload = Assert.Single(BusPayload.Pack("sender", messages, 1_000));
        var (sender, unpacked) = BusPayload.Unpack(payload);

        Assert.Equal("sender", sender);
        Assert.Equal(messages, unpacked);
    }

    [Fact]
    public void Pack_WhenMessagesExceedTheLimit_SplitsBetweenMessagesAndStaysBelowIt()
    {
        var messages = Enumerable.Range(0, 500).Select(i => ("work", $"{i}-äöü-🏃")).ToList();

        var payloads = BusPayload.Pack("sender", messages, 400).ToList();

        Assert.True(payloads.Count > 10);
        Assert.All(payloads, p => Assert.True(Encoding.UTF8.GetByteCount(p) <= 400));
        Assert.Equal(messages, payloads.SelectMany(p => BusPayload.Unpack(p).Messages));
    }

    [Fact]
    public void Pack_WhenThereIsNothing_MakesNothing() => Assert.Empty(BusPayload.Pack("sender", [], 100));

    [Theory]
    [InlineData("", "key", false)]
    [InlineData("topic", "", true)]
    [InlineData("to\tpic", "key", false)]
    [InlineData("topic", "a\nb", false)]
    [InlineData("topic", "key", true)]
    public void IsValid_WhenSeparatorsOrNothing_Refuses(string topic, string key, bool expected) => Assert.Equal(expected, BusPayload.IsValid(topic, key));

    [Fact]
    public void Unpack_WhenLinesAreNoMessages_SkipsThem() =>
        Assert.Equal([("member", "1")], BusPayload.Unpack("sender\nsomething new\n\tx\nmember\t1").Messages);
}
