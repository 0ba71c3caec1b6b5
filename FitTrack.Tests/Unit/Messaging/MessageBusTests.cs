using System.Diagnostics.Metrics;
using System.Threading.Channels;
using FitTrack.Core.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace FitTrack.Tests.Unit.Messaging;

public sealed class MessageBusTests : IAsyncLifetime
{
    private readonly FakeTransport _transport = new();
    private readonly InstanceId _instance = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Channel<string> _heard = Channel.CreateUnbounded<string>();
    private MessageBus _bus = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var options = Options.Create(new MessagingOptions { Window = TimeSpan.FromMilliseconds(20), FirstBackoff = TimeSpan.FromMilliseconds(5) });
        _bus = new MessageBus(_transport, _instance, options, new BusMetrics(_services.GetRequiredService<IMeterFactory>()), NullLogger<MessageBus>.Instance);
        _bus.Subscribe("topic", key => _heard.Writer.TryWrite(key), () => _heard.Writer.TryWrite("(reset)"));
        await _bus.StartAsync(Ct);
        Assert.Equal("(reset)", await NextAsync()); // what was cached before it listened may be old
    }

    public async ValueTask DisposeAsync()
    {
        await _bus.StopAsync(CancellationToken.None);
        _bus.Dispose();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Publish_WhenRepeatedInAWindow_IsHeardHereAtOnceAndSentOnce()
    {
        for (var i = 0; i < 1_000; i++)
            _bus.Publish("topic", "same");
        Assert.True(_heard.Reader.TryRead(out var first));
        Assert.Equal("same", first);

        var sent = BusPayload.Unpack(await _transport.Sent.ReadAsync(Ct));

        Assert.Equal(_instance.Value, sent.Sender);
        Assert.Contains(("topic", "same"), sent.Messages);
        Assert.Single(sent.Messages);
    }

    [Fact]
    public async Task Publish_WhenSendingFails_KeepsTheMessagesAndSendsThemLater()
    {
        _transport.FailingSends = 3;
        _bus.Publish("topic", "a");
        _bus.Publish("topic", "b");

        var sent = BusPayload.Unpack(await _transport.Sent.ReadAsync(Ct));

        Assert.Equal([("topic", "a"), ("topic", "b")], sent.Messages.Order());
        Assert.Equal(0, _transport.FailingSends);
    }

    [Fact]
    public async Task Publish_WhenTooMuchGathers_TellsOthersToForgetEverything()
    {
        _transport.FailingSends = 1;
        for (var i = 0; i < 25_000; i++)
            _bus.Publish("other", $"{i}");

        var messages = new List<(string, string)>();
        while (!messages.Contains(BusPayload.Reset))
            messages.AddRange(BusPayload.Unpack(await _transport.Sent.ReadAsync(Ct)).Messages);

        Assert.True(messages.Count < 25_000);
    }

    [Theory]
    [InlineData("to\tpic", "key")]
    [InlineData("topic", "line\nbreak")]
    [InlineData("", "")]
    public void Publish_WhenNotAllowed_DoesNotThrowAndSaysNothing(string topic, string key)
    {
        _bus.Publish(topic, key);

        Assert.False(_heard.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Subscribe_WhenAnotherProcessPublishes_HearsIt()
    {
        _transport.Arrive("another\ntopic\tkey\nunknown\tx");

        Assert.Equal("key", await NextAsync());
    }

    [Fact]
    public async Task Subscribe_WhenOwnMessageComesBack_DoesNotHearItTwice()
    {
        _transport.Arrive($"{_instance}\ntopic\tmine");
        _transport.Arrive("another\ntopic\ttheirs");

        Assert.Equal("theirs", await NextAsync());
    }

    [Fact]
    public async Task Subscribe_WhenTheConnectionWasLost_IsToldToForget()
    {
        _transport.Cut();

        Assert.Equal("(reset)", await NextAsync());
        Assert.True(_bus.Status.Connected);
    }

    [Fact]
    public async Task Subscribe_WhenAnotherProcessResets_IsToldToForget()
    {
        _transport.Arrive($"another\n{BusPayload.Reset.Topic}\t{BusPayload.Reset.Key}");

        Assert.Equal("(reset)", await NextAsync());
    }

    [Fact]
    public async Task Subscribe_WhenOneHandlerThrows_OthersStillHear()
    {
        using var bad = _bus.Subscribe("topic", _ => throw new InvalidOperationException("bad"), () => throw new InvalidOperationException("bad"));
        using var later = _bus.Subscribe("topic", key => _heard.Writer.TryWrite("later " + key), () => { });

        _bus.Publish("topic", "key");

        Assert.Equal("key", await NextAsync());
        Assert.Equal("later key", await NextAsync());
    }

    [Fact]
    public async Task Subscribe_WhenDisposed_HearsNoMore()
    {
        var subscription = _bus.Subscribe("topic", key => _heard.Writer.TryWrite("again " + key), () => { });
        subscription.Dispose();

        _bus.Publish("topic", "key");

        Assert.Equal("key", await NextAsync());
        Assert.False(_heard.Reader.TryRead(out _));
    }

    [Fact]
    public async Task StopAsync_WhenMessagesWait_SendsThemFirst()
    {
        _bus.Publish("topic", "last words");

        await _bus.StopAsync(Ct);

        Assert.True(_transport.Sent.TryRead(out var payload));
        Assert.Contains("last words", payload);
    }

    private async Task<string> NextAsync() => await _heard.Reader.ReadAsync(Ct);
}
