using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Xunit;

namespace FitTrack.Tests.Fixtures;

/// <summary>One AppHost with the demo data for all system tests of a run; it starts with the first of them.</summary>
public sealed partial class AppHostFixture : IAsyncLifetime
{
    /// <summary>Slow enough for the Api's limits, which hold here.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(700);

    /// <summary>
    /// A zone in which it is the hour after noon: whenever the tests run, there was time for a run since the competition's day began, and the day
    /// does not end in the middle of a test.
    /// </summary>
    private static readonly int HoursFromUtc = 12 - TimeProvider.System.GetUtcNow().Hour;

    private AppHostProcess? _process;

    public AppHostProcess Process => _process ?? throw new InvalidOperationException("The AppHost has not been started.");

    /// <summary>When the competition's day began.</summary>
    public static DateTimeOffset StartOfTheDay
    {
        get
        {
            var local = TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(HoursFromUtc));
            return local - local.TimeOfDay;
        }
    }

    /// <summary>The web pages, from <c>/</c>.</summary>
    public Uri Web => Process.Url("Web");

    /// <summary>The Api's root: <c>api/v1/...</c>, <c>docs</c>, <c>health/ready</c> are below it.</summary>
    public Uri Api => new(Process.Url("Api docs"), "/");

    public Uri Worker => new(Process.Url("Worker"), "/");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A member who registered, followed the mailed link and signed in, with a complete profile and no tracker.</summary>
    public async Task<(HttpClient Client, Guid Id, string Email)> NewMemberAsync()
    {
        var client = new HttpClient { BaseAddress = Api };
        var email = TestMembers.NewEmail();
        using var registered = await client.PostJsonAsync("api/v1/auth/register", TestMembers.Registration(email, new MemberPlan()));
        var id = (await registered.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var verified = await client.PostJsonAsync("api/v1/auth/verify-email", new { token = Uri.UnescapeDataString(await MailedTokenAsync(email)) });
        await verified.ReadJsonAsync();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await client.LoginAsync(email)).Access);
        return (client, id, email);
    }

    /// <summary>From the link of the mail that confirms this address, as it stands there; waits until it has been sent.</summary>
    public async Task<string> MailedTokenAsync(string email)
    {
        using var client = new HttpClient { BaseAddress = Api };
        var listed = new Regex($"""<td>{Regex.Escape(email)}</td><td><a href="(?<mail>/mail/[^"]+)">""", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        var mail = await UntilAsync("the mail", async () => listed.Match(await client.GetStringAsync("mail", Ct)), m => m.Success);
        return MailedToken().Match(WebUtility.HtmlDecode(await client.GetStringAsync(mail.Groups["mail"].Value, Ct))).Groups["token"].Value;
    }

    /// <summary>Reads again and again until it holds; what other programs do is not ours to await.</summary>
    public static Task<T> UntilAsync<T>(string what, Func<Task<T>> read, Func<T, bool> holds) => Until.HoldsAsync(what, read, holds, PollInterval);

    public async ValueTask InitializeAsync()
    {
        // POSIX has it that what is east of Greenwich has a minus.
        var zone = $"Etc/GMT{-HoursFromUtc:+0;-0;+0}";
        _process = AppHostProcess.Start(seed: "demo", variables:
        [
            ("Competition__TimeZone", zone), ("Simulators__TimeZone", zone),
            // A sign-in takes long where many tests share two cores, and none of these is about how long.
            ("Accounts__PasswordHashing__Cost", "4"), ("Http__AttemptTimeout", "00:01:00"), ("Http__TotalTimeout", "00:01:00"),
        ]);
        await _process.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }

    [GeneratedRegex(@"/verify-email\?token=(?<token>[^\s""<&]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MailedToken();
}

/// <summary>Test classes of this collection share the AppHost and run one after the other.</summary>
[CollectionDefinition(nameof(SharedAppHost))]
public sealed class SharedAppHost : ICollectionFixture<AppHostFixture>;
