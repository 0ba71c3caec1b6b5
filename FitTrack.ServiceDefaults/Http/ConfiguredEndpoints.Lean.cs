using Microsoft.Extensions.Configuration;

namespace FitTrack.ServiceDefaults.Http;

/// <summary>
/// Service discovery from configuration: <c>http://api/x</c> becomes what <c>services:api:http:0</c> holds, taking turns where there are
/// several; <c>https+http://api</c> prefers https. A name that is not configured stays as it is.
/// </summary>
internal sealed class ConfiguredEndpoints(IConfiguration configuration)
{
    private int _turn = -1;

    public Uri? Resolve(Uri? uri)
    {
        if (uri is not { IsAbsoluteUri: true } || configuration.GetSection("services:" + uri.Host) is not { } service || !service.Exists())
            return uri;
        foreach (var scheme in uri.Scheme.Split('+'))
        {
            var all = service.GetSection(scheme).GetChildren().Select(child => child.Value).Where(value => !string.IsNullOrWhiteSpace(value)).ToArray();
            if (all.Length == 0)
                continue;
            var chosen = all[(uint)Interlocked.Increment(ref _turn) % all.Length]!;
            var target = new Uri(chosen.Contains("://", StringComparison.Ordinal) ? chosen : scheme + "://" + chosen, UriKind.Absolute);
            return new UriBuilder(uri) { Scheme = target.Scheme, Host = target.Host, Port = target.Port }.Uri;
        }

        return uri;
    }
}
