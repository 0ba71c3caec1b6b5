using Microsoft.Playwright;
using Xunit;

namespace FitTrack.Tests.Fixtures;

/// <summary>The machine's own Chromium, started with the first page that is asked for. Nothing is downloaded: without one, tests skip.</summary>
public sealed class BrowserFixture : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

    private static readonly string[] Arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    /// <summary>How long a page may take to show what is expected; machines that build beside it are slow.</summary>
    private const float PatienceMs = 60_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>A page of its own browser context, of that width in CSS pixels.</summary>
    /// <param name="state">Cookies to begin with, as <c>StorageStateAsync</c> gives them.</param>
    /// <param name="hasScript">Whether JavaScript is on.</param>
    public async Task<BrowserPage> NewPageAsync(int width, Uri site, string? state = null, bool hasScript = true)
    {
        var chromium = Names.SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        Assert.SkipWhen(chromium is null, "No Chromium is on the PATH (apt install chromium).");
        Assertions.SetDefaultExpectTimeout(PatienceMs);
        _playwright ??= await Playwright.CreateAsync();
        _browser ??= await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = Arguments });
        var context = await _browser.NewContextAsync(new() { BaseURL = site.ToString(), ViewportSize = new() { Width = width, Height = 844 }, ReducedMotion = ReducedMotion.Reduce, StorageState = state, JavaScriptEnabled = hasScript });
        context.SetDefaultTimeout(PatienceMs);
        return new BrowserPage(await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

/// <summary>A page and everything that the browser complained about: errors on the console (a violated content policy is one) and in scripts, failed requests.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private readonly List<string> _complaints = [];

    internal BrowserPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) => Complain(message.Type is "error" or "warning", $"console {message.Type}: {message.Text}");
        page.PageError += (_, error) => Complain(true, $"script: {error}");
        page.Response += (_, response) => Complain(response.Status >= 400, $"{response.Status} {response.Url}");
        // What is still on its way when a page is left ends there; the next page is none the worse for it.
        page.RequestFailed += (_, request) => Complain(request.Failure != "net::ERR_ABORTED", $"{request.Failure} {request.Url}");
    }

    public IPage Page { get; }

    public IReadOnlyList<string> Complaints
    {
        get
        {
            lock (_complaints)
                return [.. _complaints];
        }
    }

    /// <summary>CSS pixels by which the page is wider than the window; 0 when nothing has to be scrolled sideways. A page whose styles are still on their way is waited for.</summary>
    public async Task<int> OverflowAsync()
    {
        await Page.WaitForLoadStateAsync(LoadState.Load);
        return await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    }

    /// <summary>Nothing has to be scrolled sideways.</summary>
    public async Task AssertFitsAsync() => Assert.Equal(0, await OverflowAsync());

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();

    private void Complain(bool isOne, string text)
    {
        lock (_complaints)
        {
            if (isOne)
                _complaints.Add(text);
        }
    }
}
