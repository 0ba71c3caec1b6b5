using FitTrack.ServiceDefaults.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FitTrack.Web.Api;

/// <summary>Without the Api the pages still say so in words, so the front end is degraded and not down.</summary>
internal sealed class ApiHealth(IHttpClientFactory clients) : IHealthCheck
{
    public const string ClientName = "api-health";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            using var http = clients.CreateClient(ClientName);
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
            request.Options.Set(HttpResilience.MayRetry, false);
            using var answer = await http.SendAsync(request, cancellationToken);
            return answer.IsSuccessStatusCode ? HealthCheckResult.Healthy("The Api answers.") : Away($"The Api answers with status {(int)answer.StatusCode}.", null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return Away("The Api cannot be reached.", e);
        }
    }

    private static HealthCheckResult Away(string why, Exception? exception) => HealthCheckResult.Degraded(why, exception);
}
