using Xunit;

namespace FitTrack.Tests.Fixtures;

/// <summary>One AppHost with the demo data for all system tests of a run; it starts with the first of them.</summary>
public sealed class AppHostFixture : IAsyncLifetime
{
    private AppHostProcess? _process;

    public AppHostProcess Process => _process ?? throw new InvalidOperationException("The AppHost has not been started.");

    /// <summary>The web pages, from <c>/</c>.</summary>
    public Uri Web => Process.Url("Web");

    /// <summary>The Api's root: <c>api/v1/...</c>, <c>docs</c>, <c>health/ready</c> are below it.</summary>
    public Uri Api => new(Process.Url("Api docs"), "/");

    public Uri Worker => new(Process.Url("Worker"), "/");

    public async ValueTask InitializeAsync()
    {
        _process = AppHostProcess.Start(seed: "demo");
        await _process.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }
}

/// <summary>Test classes of this collection share the AppHost and run one after the other.</summary>
[CollectionDefinition(nameof(SharedAppHost))]
public sealed class SharedAppHost : ICollectionFixture<AppHostFixture>;
