using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Polly;

namespace FitTrack.ServiceDefaults.Http;

public static partial class HttpResilience
{
    private static readonly ResiliencePropertyKey<HttpRequestMessage> Request = new("FitTrack.Request");

    private static partial IHttpClientBuilder AddResilienceHandler(IHttpClientBuilder http)
    {
        http.Services.TryAddSingleton<Pipelines>();
        return http.AddHttpMessageHandler(services => new PipelineHandler(services.GetRequiredService<Pipelines>()));
    }

    private static partial IHttpClientBuilder AddServiceDiscoveryHandler(IHttpClientBuilder http)
    {
        http.Services.TryAddSingleton(services => new ConfiguredEndpoints(services.GetRequiredService<IConfiguration>()));
        return http.AddHttpMessageHandler(services => new DiscoveryHandler(services.GetRequiredService<ConfiguredEndpoints>()));
    }

    private static partial HttpRequestMessage? RequestOf(ResilienceContext context) => context.Properties.GetValue(Request, null!);

    /// <summary>One pipeline for each authority, so that its circuit outlives the handlers, which the factory replaces every two minutes.</summary>
    private sealed class Pipelines(IServiceProvider services)
    {
        private readonly ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>> _byAuthority = new(StringComparer.OrdinalIgnoreCase);

        public ResiliencePipeline<HttpResponseMessage> For(Uri? uri) => _byAuthority.GetOrAdd(uri?.GetLeftPart(UriPartial.Authority) ?? "", _ =>
        {
            var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>();
            Configure(pipeline, services);
            return pipeline.Build();
        });
    }

    private sealed class PipelineHandler(Pipelines pipelines) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var context = ResilienceContextPool.Shared.Get(cancellationToken);
            context.Properties.Set(Request, request);
            try
            {
                return await pipelines.For(request.RequestUri).ExecuteAsync(
                    static async (context, state) => await state.Handler.Forward(state.Request, context.CancellationToken),
                    context,
                    (Handler: this, Request: request));
            }
            finally
            {
                ResilienceContextPool.Shared.Return(context);
            }
        }

        private Task<HttpResponseMessage> Forward(HttpRequestMessage request, CancellationToken ct) => base.SendAsync(request, ct);
    }

    private sealed class DiscoveryHandler(ConfiguredEndpoints endpoints) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var asked = request.RequestUri;
            request.RequestUri = endpoints.Resolve(asked);
            return Send(request, asked, cancellationToken);
        }

        /// <summary>Puts the name back, so that a retry resolves anew and may reach another instance.</summary>
        private async Task<HttpResponseMessage> Send(HttpRequestMessage request, Uri? asked, CancellationToken ct)
        {
            try
            {
                return await base.SendAsync(request, ct);
            }
            finally
            {
                request.RequestUri = asked;
            }
        }
    }
}
