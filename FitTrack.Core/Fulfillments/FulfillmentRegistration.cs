using Microsoft.Extensions.DependencyInjection;

namespace FitTrack.Core.Fulfillments;

public static class FulfillmentRegistration
{
    public static IServiceCollection AddFulfillments(this IServiceCollection services) =>
        services.AddSingleton<FulfillmentSecrets>().AddScoped<AwardPrizes>().AddScoped<HandleFulfillment>();
}
