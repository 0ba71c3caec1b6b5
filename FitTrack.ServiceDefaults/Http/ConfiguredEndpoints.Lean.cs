using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace FitTrack.ServiceDefaults.Http;

/// <summary>
/// Service discovery from configuration: <c>http://api/x</c> becomes what <c>services:api:http:0</c> holds, taking turns where there are
/// several; <c>https+http://api</c> prefers https. A name that is not configured stays as it is.
/// </summary>
internal sealed class ConfiguredEndpoints : IDisposable
{
    private readonly ConcurrentDictionary<(string Service, string Schemes), Uri[]> _known = new();
    private readonly IConfiguration _configuration;
    private readonly IDisposable _reloads;
    private int _turn = -1;

    public ConfiguredEndpoints(IConfiguration configuration)
    {
        _configuration = configuration;
        _reloads = ChangeToken.OnChange(configuration.GetReloadToken, _known.Clear);
    }

    public Uri? Resolve(Uri? uri)
    {
        if (uri is not { IsAbsoluteUri: true })
            return uri;
        var all = _known.GetOrAdd((uri.Host, uri.Scheme), Find);
        return all.Length == 0 ? uri : new Uri(all[(uint)Interlocked.Increment(ref _turn) % all.Length], uri.PathAndQuery);
    }

    public void Dispose() => _reloads.Dispose();

    /// <summary>Where a service listens, by the first of the schemes under which it is configured.</summary>
    private Uri[] Find((string Service, string Schemes) asked)
    {
        foreach (var scheme in asked.Schemes.Split('+'))
        {
            var all = _configuration.GetSection($"services:{asked.Service}:{scheme}").GetChildren().Select(child => child.Value).OfType<string>().Where(value => !string.IsNullOrWhiteSpace(value))
                .Select(value => new Uri(new Uri(value.Contains("://", StringComparison.Ordinal) ? value : scheme + "://" + value, UriKind.Absolute).GetLeftPart(UriPartial.Authority))).ToArray();
            if (all.Length > 0)
                return all;
        }

        return [];
    }
}
