using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace FitTrack.ServiceDefaults.Http;

public static partial class HttpResilience
{
    private static partial IHttpClientBuilder AddResilienceHandler(IHttpClientBuilder http)
    {
        http.AddResilienceHandler("fittrack", static (pipeline, context) => Configure(pipeline, context.ServiceProvider)).SelectPipelineByAuthority();
        return http;
    }

    private static partial IHttpClientBuilder AddServiceDiscoveryHandler(IHttpClientBuilder http)
    {
        http.Services.AddServiceDiscovery();
        return http.AddServiceDiscovery();
    }

    private static partial HttpRequestMessage? RequestOf(ResilienceContext context) => context.GetRequestMessage();
}
