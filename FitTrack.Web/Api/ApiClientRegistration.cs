using FitTrack.ServiceDefaults.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FitTrack.Web.Api;

internal static class ApiClientRegistration
{
    private const int SharedAnswers = 1_000;

    /// <summary>A typed client for <c>http://api</c>; the name is resolved by service discovery, resilience comes from the service defaults.</summary>
    public static void AddFitTrackApiClient(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddTransient<VisitorAddress>();
        services.AddMemoryCache(o => o.SizeLimit = SharedAnswers);
        // A page's calls are in its trace; two scopes and four lines for each of them would cost as much as sending it.
        services.AddHttpClient<FitTrackApi>(client => client.BaseAddress = new Uri("http://api")).AddHttpMessageHandler<VisitorAddress>().RemoveAllLoggers()
            // The handler is shared by all members: it keeps nobody's cookies, and the Api redirects nobody.
            .UseSocketsHttpHandler((handler, _) => (handler.UseCookies, handler.AllowAutoRedirect) = (false, false));
        services.AddHttpClient(ApiHealth.ClientName, client => client.BaseAddress = new Uri("http://api")).WithTimeouts(attempt: TimeSpan.FromSeconds(1), total: TimeSpan.FromSeconds(2));
        services.AddHttpClient(ApiPassThrough.ClientName, client => client.BaseAddress = new Uri("http://api")).AddHttpMessageHandler<VisitorAddress>()
            .WithTimeouts(attempt: TimeSpan.FromMinutes(5), total: TimeSpan.FromMinutes(5));
        services.AddHealthChecks().AddCheck<ApiHealth>("api", HealthStatus.Degraded, ["ready"]);
    }
}
